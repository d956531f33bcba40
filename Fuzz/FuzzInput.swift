/// Cuts an input into its first line and what follows, for targets that need two texts.
struct FuzzInput {
  let line: ArraySlice<UInt8>
  let rest: [UInt8]

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    let all = Array(bytes)
    let end = all.firstIndex(of: 0x0A) ?? all.endIndex
    line = all[..<end]
    rest = Array(all[min(end + 1, all.endIndex)...])
  }

  var lineText: String { String(decoding: line, as: UTF8.self) }
}
