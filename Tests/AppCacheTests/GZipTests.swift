import CZlib
import Statistics
import Testing

@testable import AppCache

struct GZipTests {
  @Test("zlib reads what it makes, head and end of gzip", arguments: [0, 1, 100, 70_000])
  func roundTrip(length: Int) throws {
    var generator = SeededGenerator(seed: UInt64(length))
    let bytes = (0..<length).map { _ in UInt8.random(in: 0..<20, using: &generator) }
    var coded = try #require(GZip.encoded(bytes))
    #expect(coded.starts(with: [0x1F, 0x8B]))
    #expect(length < 1_000 || coded.count < length)
    var stream = z_stream()
    #expect(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { inflateEnd(&stream) }
    let size = coded.count
    let decoded = coded.withUnsafeMutableBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: length + 1) { output, count in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(size)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(length + 1)
        #expect(inflate(&stream, Z_FINISH) == Z_STREAM_END)
        count = length + 1 - Int(stream.avail_out)
      }
    }
    #expect(decoded == bytes && stream.avail_in == 0)
  }
}
