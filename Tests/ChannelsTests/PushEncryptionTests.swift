import Cryptography
import Testing

@testable import Channels

struct PushEncryptionTests {
  /// Source: RFC 8291 §5, appendix A.
  private static let subscription =
    #"{"endpoint":"https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV","keys":{"p256dh":"#
    + #""BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","#
    + #""auth":"BTBZMqHH6r4Tts7J_aSIgg"}}"#

  @Test("the example of RFC 8291 is sealed to its very bytes")
  func vector() throws {
    let key = try P256PrivateKey(
      scalar: try #require(Base64URL.decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")))
    let salt = try #require(Base64URL.decoded("DGv6ra1nlYgDCS1FRnbzlw"))
    let sealed = try PushEncryption.sealed(
      Array("When I grow up, I want to be a watermelon".utf8), for: try PushSubscription(json: Self.subscription),
      by: key, salt: salt)
    #expect(
      Base64URL.encoded(sealed)
        == "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        + "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
  }

  @Test("3,993 bytes fill a record, one more is refused, and no two messages are sealed alike")
  func bounds() throws {
    let subscription = try PushSubscription(json: Self.subscription)
    let most = [UInt8](repeating: 65, count: 3_993)
    let sealed = try PushEncryption.sealed(most, for: subscription)
    #expect(sealed.count == 4_096)
    #expect(try PushEncryption.sealed(most, for: subscription) != sealed)
    #expect(try PushEncryption.sealed([], for: subscription).count == 103)
    let error = #expect(throws: ChannelError.self) { try PushEncryption.sealed(most + [65], for: subscription) }
    #expect(error?.code == .refused && error?.message.contains("3993") == true)
  }

  @Test(
    "a subscription that can't be sealed for is refused, with the key that is wrong and none of its content",
    arguments: [
      ("", "endpoint"), ("[]", "endpoint"), (#"{"endpoint":"https://h/secret"}"#, "keys"),
      (#"{"endpoint":"https://h/secret","keys":{"p256dh":"secret","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}"#, "p256dh"),
      (#"{"endpoint":"https://h/secret","keys":{"p256dh":"","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}"#, "p256dh"),
      (
        #"{"endpoint":"https://h/secret","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bj"#
          + #"yPjs7Vd8pZGH6SRpkNtoIAjw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}"#, "p256dh"
      ),
      (
        #"{"endpoint":"https://h/secret","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bj"#
          + #"yPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"c2VjcmV0"}}"#, "auth"
      ),
    ])
  func malformed(json: String, word: String) {
    let error = #expect(throws: PushSubscription.Refusal.self) { try PushSubscription(json: json) }
    #expect(error?.description.contains(word) == true && error?.description.contains("secret") == false)
  }
}
