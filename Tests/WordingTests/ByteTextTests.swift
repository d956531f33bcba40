import Testing

@testable import Wording

struct ByteTextTests {
  @Test(
    "bytes are told as hosting plans count them",
    arguments: [
      (0.0, "0 B"), (999, "999 B"), (1_000, "1.00 KB"), (20_400, "20.4 KB"), (999_600, "1.00 MB"), (123e6, "123 MB"),
      (1.3e9, "1.30 GB"), (5e13, "50.0 TB"),
    ] as [(Double, String)])
  func bytes(count: Double, text: String) {
    #expect(ByteText.format(count) == text)
  }

  @Test(
    "bytes are read with a unit or without",
    arguments: [
      ("512", 512), ("100B", 100), ("64KB", 64e3), ("1.5MB", 1.5e6), ("2GB", 2e9), ("KB", nil), ("1TB", nil),
      ("-1", nil),
      ("1.5.2KB", nil),
    ] as [(Substring, Double?)])
  func parse(text: Substring, bytes: Double?) { #expect(ByteText.parse(text) == bytes) }
}
