import Digests
import Testing

struct SHA256DigestTests {
  @Test(
    "hashes as the standard's examples do",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func hash(text: String, digits: String) {
    #expect(SHA256Digest.hexadecimal(SHA256Digest.of(Array(text.utf8))) == digits)
  }

  @Test("authenticates as RFC 4231's second test case does")
  func authenticated() {
    let hash = SHA256Digest.authenticated(Array("what do ya want for nothing?".utf8), by: Array("Jefe".utf8))
    #expect(
      SHA256Digest.hexadecimal(hash) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }
}
