import CBrotli
import Testing

@testable import AppCache

struct BrotliTests {
  @Test("its decoder reads what is made", arguments: [0, 1, 100, 70_000])
  func roundTrip(length: Int) throws {
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 % 251 % 17) }
    let coded = try #require(Brotli.encoded(bytes))
    #expect(length < 1_000 || coded.count < length / 10)
    let decoded = [UInt8](unsafeUninitializedCapacity: length + 1) { output, count in
      count = length + 1
      let result = BrotliDecoderDecompress(coded.count, coded, &count, output.baseAddress)
      #expect(result == BROTLI_DECODER_RESULT_SUCCESS)
    }
    #expect(decoded == bytes)
  }
}
