import AppAPI
import AppDomain
import AppStore
import Foundation
import HTTPService
import Secrets
import Synchronization
import TestSupport
import Testing

/// The routes of subscribers over a store of their own.
enum SubscriptionsUnderTest {
  private struct Tokens: UnsubscribeTokens {
    func token(for subscriber: Int64, channel: NotificationChannel) -> String { "\(subscriber)-good" }
    func read(_ token: String) -> (subscriber: Int64, channel: NotificationChannel)? {
      guard token.hasSuffix("-good"), let id = Int64(token.dropLast(5)) else { return nil }
      return (id, .email)
    }
  }

  /// Remembers who was to get a link.
  final class Links: LeaveLinks {
    let asked = Mutex<[String]>([])

    func send(to address: EmailAddress) { asked.withLock { $0.append(address.text) } }
    func send(to subscriber: Int64) { asked.withLock { $0.append("#\(subscriber)") } }
  }

  /// Of an address' row alone, good until 100,000 s.
  private struct Confirmations: ConfirmationTokens {
    func token(for id: Int64, until expiry: Double) -> String { "\(id)-yes" }
    func read(_ token: String, at now: Double) -> Int64? {
      token.hasSuffix("-yes") && now < 100_000 ? Int64(token.dropLast(4)) : nil
    }
    func number(for address: EmailAddress) -> Int64 {
      SubscriberNumbers.claims.lowerBound + Int64(address.text.utf8.first ?? 0)
    }
  }

  struct Service {
    var port: Int
    var store: SQLScheduleStore
    /// How often somebody was to be asked.
    var questions: @Sendable () -> Int

    struct Answer {
      var status: Int
      var head: String
      var body: String
      var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
      }
    }

    func post(_ path: String, _ body: String, headers: [String: String] = [:]) async throws -> Answer {
      try await ask("POST", path, body, headers: headers)
    }

    func ask(
      _ method: String, _ path: String, _ body: String = "", headers: [String: String] = [:]
    ) async throws -> Answer {
      let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
      let request =
        "\(method) \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
      let text = String(decoding: try await WireClient.exchange(Array(request.utf8), port: port), as: UTF8.self)
      let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      let end = try #require(text.range(of: "\r\n\r\n"))
      return Answer(
        status: try #require(status), head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
    }

    /// Subscribes an address and confirms it.
    func confirmed(_ address: String) async throws -> Int64 {
      _ = try await post("/subscribe", #"{"email":"\#(address)"}"#)
      let id = try #require(try await store.takeUnasked(limit: 1, at: 1).first?.id)
      #expect(try await post("/confirm/\(id)-yes", "").status == 200)
      return try #require(try await store.subscriber(of: .email, address: address))
    }
  }

  static func run(
    tokens: (any UnsubscribeTokens)? = Tokens(), joining: RequestLimit = RequestLimit { 0 },
    leaving: RequestLimit = RequestLimit { 0 }, managing: RequestLimit = RequestLimit { 0 }, subscribers: Int = 10_000,
    links: Links = Links(),
    now: @escaping @Sendable () -> Double = { 1 },
    _ body: @Sendable (Service) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let store = try await SQLScheduleStore(path: directory + "/test.sqlite")
      let router = ServiceRouter.make()
      let questions = Mutex(0)
      try SubscriptionAPI(
        store: store, tokens: tokens, links: links, confirmations: Confirmations(), finder: store,
        channels: .init([.email, .webPush], pushPublicKey: "BKey"),
        bounds: .init(joining: joining, leaving: leaving, managing: managing, subscribers: subscribers), now: now
      ) {
        questions.withLock { $0 += 1 }
      }.addRoutes(to: router)
      try await withServer(router) { port in
        try await body(Service(port: port, store: store, questions: { questions.withLock { $0 } }))
      }
    }
  }
}
