import Curl
import Foundation
import Secrets
import TestSupport
import Testing

@testable import Channels

/// Messages to a real peer, which Twilio's own SDK writes to as well.
@Suite(.enabled(if: TwilioPeer.python != nil, "no twilio: scripts/setup test"), .timeLimit(.minutes(2)))
struct TwilioChannelTests {
  private static let now = 1_795_634_125.0
  private static let sms = TwilioRoute.sms(.from("+14155550100"))
  private static let whatsApp = TwilioRoute.whatsApp(
    from: "+14155238886", template: "HX" + String(repeating: "a", count: 32),
    codeTemplate: "HX" + String(repeating: "c", count: 32))

  private static func with(_ body: (TwilioPeer, CurlClient) async throws -> Void) async throws {
    let client = try CurlClient()
    defer { client.shutdown() }
    try await withTemporaryDirectory { folder in try await body(try await TwilioPeer.start(in: folder), client) }
  }

  private static func channel(
    _ peer: TwilioPeer, _ client: CurlClient, _ route: TwilioRoute = sms, byKey: Bool = false,
    timeout: Duration = .seconds(20)
  ) -> TwilioChannel {
    let account = TwilioAccount(
      sid: peer.description.account, user: byKey ? peer.description.key : nil,
      password: Redacted(byKey ? peer.description.secret : peer.description.token), base: peer.url + "/")
    return TwilioChannel(
      account: account, route: route, statusCallback: "https://doctors.example.org/webhooks/twilio/status",
      client: client, timeout: timeout
    ) { now }
  }

  private static func message(_ number: String = "+14155552671", title: String = "Dr. A & B at 09:00, room 4")
    -> ChannelMessage
  {
    ChannelMessage(
      id: "id-1", recipient: number, title: title, text: "long",
      summary: "Starts in 45 minutes: 09:00 to 12:00, Visiting",
      expiresAt: now + 2_700, reference: 17)
  }

  private static func post(_ url: String, _ value: Any, _ client: CurlClient) async throws -> [String: String] {
    let response = try await client.send(
      CurlRequest(
        method: "POST", url: url, headers: [("Content-Type", "application/json")],
        body: Array(try JSONSerialization.data(withJSONObject: value))))
    #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    return try JSONDecoder().decode([String: String].self, from: Data(response.body))
  }

  @Test("a request is the SDK's: an SMS by number, by service and by API key, a WhatsApp template, a code")
  func equalsSDK() async throws {
    try await Self.with { peer, client async throws in
      let callback = "https://doctors.example.org/webhooks/twilio/status?message=17"
      let service = "MG" + String(repeating: "b", count: 32)
      let devanagari = "डॉ. अनिल कुमार + 💡 \"%&=?\" at 09:00"
      var code = Self.message()
      (code.code, code.text, code.reference) = ("012345", "012345 is your code", nil)
      let cases: [(TwilioRoute, Bool, ChannelMessage, [String: Any])] = [
        (
          Self.sms, false, Self.message(),
          [
            "from_": "+14155550100", "status_callback": callback, "validity_period": 2_700,
            "body": "Dr. A & B at 09:00, room 4\nStarts in 45 minutes: 09:00 to 12:00, Visiting",
          ]
        ),
        (
          .sms(.service(service)), true, Self.message(title: devanagari),
          [
            "messaging_service_sid": service, "status_callback": callback, "validity_period": 2_700,
            "body": devanagari + "\nStarts in 45 minutes: 09:00 to 12:00, Visiting",
          ]
        ),
        (
          Self.whatsApp, false, Self.message(title: devanagari + "\r\n\tx"),
          [
            "from_": "whatsapp:+14155238886", "status_callback": callback, "validity_period": 2_700,
            "content_sid": "HX" + String(repeating: "a", count: 32),
            "content_variables":
              #"{"1":"डॉ. अनिल कुमार + 💡 \"%&=?\" at 09:00 x","2":"Starts in 45 minutes: 09:00 to 12:00, Visiting"}"#,
          ]
        ),
        (
          Self.whatsApp, false, code,
          [
            "from_": "whatsapp:+14155238886", "validity_period": 2_700,
            "content_sid": "HX" + String(repeating: "c", count: 32), "content_variables": #"{"1":"012345"}"#,
          ]
        ),
        (Self.sms, false, code, ["from_": "+14155550100", "validity_period": 2_700, "body": "012345 is your code"]),
      ]
      for (route, byKey, message, arguments) in cases {
        try await Self.channel(peer, client, route, byKey: byKey).send(message)
        var arguments = arguments
        let isWhatsApp = (arguments["from_"] as? String)?.hasPrefix("whatsapp:") == true
        arguments["to"] = (isWhatsApp ? "whatsapp:" : "") + message.recipient
        let description = peer.description
        _ = try await Self.post(
          peer.url + "/sdk",
          [
            "user": byKey ? description.key : description.account,
            "password": byKey ? description.secret : description.token, "account": description.account,
            "arguments": arguments,
          ], client)
        let requests = try peer.requests().suffix(2).map { $0 }
        let (ours, theirs) = (try #require(requests.first), try #require(requests.last))
        #expect(ours.method == theirs.method && ours.path == theirs.path)
        #expect(ours.path == "/2010-04-01/Accounts/\(description.account)/Messages.json")
        #expect(ours.fields == theirs.fields)
        for header in ["authorization", "content-type", "accept", "accept-charset"] {
          #expect(ours.headers[header] != nil && ours.headers[header] == theirs.headers[header], "\(header)")
        }
      }
      #expect(try peer.requests().count == 2 * cases.count)
    }
  }

  @Test("what is answered is gone, busy, refused, or the operator's to put right, and never tells the number")
  func answers() async throws {
    try await Self.with { peer, client async throws in
      let channel = Self.channel(peer, client, timeout: .seconds(5))
      for (last, code, pause, mayHaveArrived) in [
        ("1211", .gone, nil, false), ("1614", .gone, nil, false), ("1610", .gone, nil, false),
        ("1635", .gone, nil, false),
        ("1999", .refused, nil, false), ("7777", .refused, nil, false),
        ("1408", .configuration, nil, false), ("1656", .configuration, nil, false),
        ("3016", .configuration, nil, false),
        ("0003", .configuration, nil, false), ("0404", .configuration, nil, false),
        ("0429", .temporary, .seconds(7), false), ("4290", .temporary, .seconds(60), false),
        ("1611", .temporary, .seconds(60), false), ("5000", .temporary, nil, true),
        ("5030", .temporary, .seconds(7), true),
        ("8888", .temporary, nil, true), ("9999", .temporary, nil, true),
      ] as [(String, ChannelError.Code, Duration?, Bool)] {
        let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message("+1415555" + last)) }
        #expect(error?.code == code && error?.retryAfter == pause, "\(last): \(String(describing: error))")
        #expect(error?.mayHaveArrived == mayHaveArrived, "\(last)")
        #expect(error?.message.contains("415555") == false && error?.message.contains("token") == false)
      }
      let count = try peer.requests().count
      for recipient in [
        "", "14155552671", "+0123456789", "+1", "+1415555267123456", "whatsapp:+14155552671", "+1415555२६७१",
      ] {
        let error = await #expect(throws: ChannelError.self) { try await channel.send(Self.message(recipient)) }
        #expect(error?.code == .refused)
      }
      #expect(try peer.requests().count == count)
    }
  }

  @Test("a server that is not there has taken nothing; a wrong token is the operator's to put right")
  func away() async throws {
    try await Self.with { peer, client async throws in
      let nobody = TwilioChannel(
        account: TwilioAccount(
          sid: peer.description.account, password: Redacted("12345678"), base: "http://127.0.0.1:1"),
        route: Self.sms, client: client, timeout: .seconds(5)
      ) { Self.now }
      let away = await #expect(throws: ChannelError.self) { try await nobody.send(Self.message()) }
      #expect(away?.code == .temporary && away?.mayHaveArrived == false)
      let stranger = TwilioChannel(
        account: TwilioAccount(sid: peer.description.account, password: Redacted("wrong-token"), base: peer.url),
        route: Self.sms, client: client
      ) { Self.now }
      let refused = await #expect(throws: ChannelError.self) { try await stranger.send(Self.message()) }
      #expect(refused?.code == .configuration && "\(refused as Any)".contains("wrong-token") == false)
    }
  }

  @Test("a signature is the SDK's, whatever the fields hold, and of one URL, one form and one token")
  func signature() async throws {
    try await Self.with { peer, client async throws in
      let url = "https://doctors.example.org/webhooks/twilio/status?message=17"
      let forms: [[(name: String, value: String)]] = [
        [], [("MessageSid", "SM1"), ("From", "+14155552671"), ("Body", "STOP")],
        [("B", "2"), ("A", "1"), ("a", "3"), ("A", "0"), ("A", "1"), ("Bc", ""), ("Body", "डॉ. 💡&=+ %")],
      ]
      let signature = TwilioSignature(token: Redacted("12345"))
      for form in forms {
        let signed = try await Self.post(
          peer.url + "/sign", ["token": "12345", "url": url, "fields": form.map { [$0.name, $0.value] }], client)
        let text = try #require(signed["signature"])
        #expect(signature.signature(of: url, form) == text && signature.isValid(text, of: url, form.reversed()))
        #expect(!signature.isValid(text, of: url + "0", form) && !signature.isValid(text, of: url, form + [("x", "")]))
        #expect(!TwilioSignature(token: Redacted("12346")).isValid(text, of: url, form))
        #expect(!signature.isValid("", of: url, form) && !signature.isValid(text + "=", of: url, form))
      }
    }
    // Twilio's own example of its former documentation.
    let known = TwilioSignature(token: Redacted("12345")).signature(
      of: "https://mycompany.com/myapp.php?foo=1&bar=2",
      [
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+12349013030"), ("Digits", "1234"), ("From", "+12349013030"),
        ("To", "+18005551212"),
      ])
    #expect(known == "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
  }

  @Test("what can be an account, a sender, a number")
  func forms() {
    #expect(TwilioAccount.isSID("AC" + String(repeating: "0f", count: 16), of: "AC"))
    for text in ["AC", "ac" + String(repeating: "0f", count: 16), "AC" + String(repeating: "0g", count: 16), "AC123"] {
      #expect(!TwilioAccount.isSID(text, of: "AC"))
    }
    for text in ["+14155550100", "12345", "123456", "CAMPUS", "Health Ctr"] {
      #expect(TwilioRoute.isSender(text), "\(text)")
    }
    for text in ["", "1234", "1234567", "+1", "Health Centre", " A", "a\r\nb", "डॉ"] {
      #expect(!TwilioRoute.isSender(text), "\(text)")
    }
    #expect(TwilioAccount.isBase("http://127.0.0.1:1") && TwilioAccount.isBase("https://api.twilio.com"))
    #expect(!TwilioAccount.isBase("http://api.twilio.com") && !TwilioAccount.isBase("https://u:p@api.twilio.com"))
  }
}
