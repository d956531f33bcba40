import Glibc

/// Feeds one reader with what libFuzzer invents: `Fuzz TARGET [libFuzzer's arguments]…`. Built and run by `scripts/fuzz`.
///
/// Source: https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library".
@main
enum Fuzz {
  /// What each target reads, by name; a folder of that name in `Corpus` holds its kept inputs.
  private static let targets: [String: FuzzTarget] = [
    "json": JSONTarget.run, "portal": PortalTarget.run, "regex": RegexTarget.run, "response": ResponseTarget.run,
    "scenario": ScenarioTarget.run, "template": TemplateTarget.run, "timing": TimingTarget.run,
    "worksheet": WorksheetTarget.run,
  ]
  /// Set once, before libFuzzer's only thread calls back.
  nonisolated(unsafe) private static var target: FuzzTarget = { _ in }

  static func main() {
    guard CommandLine.argc > 1, let found = targets[CommandLine.arguments[1]] else {
      complain("expected a target: \(targets.keys.sorted().joined(separator: ", "))")
      exit(64)
    }
    target = found
    // libFuzzer takes the target's name for its own program's.
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv.advanced(by: 1)
    exit(
      runFuzzer(&count, &arguments) { bytes, count in
        Fuzz.target(UnsafeBufferPointer(start: bytes, count: count))
        return 0
      })
  }

  static func complain(_ message: String) {
    let line = "Fuzz: \(message)\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
  }
}

typealias FuzzTarget = @Sendable (UnsafeBufferPointer<UInt8>) -> Void

/// What must hold whatever the input: libFuzzer keeps an input that ends the process.
func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  guard !holds else { return }
  Fuzz.complain(message())
  abort()
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
