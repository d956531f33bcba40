import Addresses
import Testing

@testable import HTTPService

struct ConnectionOrderTests {
  @Test("who never sent a request goes first, the oldest first; then who is idle longest; who is answered last")
  func order() {
    var order = ConnectionOrder()
    let numbers = (0..<6).map { _ in order.add(from: nil) }
    order.move(numbers[0], to: .answering)
    order.move(numbers[1], to: .idle)
    order.move(numbers[2], to: .idle)
    // It was asked again since.
    order.move(numbers[1], to: .answering)
    order.move(numbers[1], to: .idle)
    var given: [Int] = []
    while let next = order.expendable() {
      given.append(next)
      order.remove(next)
    }
    #expect(given == [3, 4, 5, 2, 1, 0].map { numbers[$0] })
    #expect(order.count == 0)
  }

  @Test("one address's connections are ordered alike, and counted until they leave")
  func sites() throws {
    var order = ConnectionOrder()
    let (one, other) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
    let first = order.add(from: other)
    let own = (0..<3).map { _ in order.add(from: one) }
    order.move(own[0], to: .idle)
    #expect(order.expendable() == first)
    #expect(order.expendable(of: one) == own[1])
    #expect(order.count(of: one) == 3 && order.count(of: other) == 1)
    order.remove(own[1])
    order.remove(own[2])
    #expect(order.expendable(of: one) == own[0])
    order.remove(own[0])
    order.remove(own[0])
    #expect(order.count(of: one) == 0 && order.expendable(of: one) == nil && order.count == 1)
  }

  @Test("after any course of events the lists hold what a plain list would")
  func model() throws {
    var random = SystemRandomNumberGenerator()
    var order = ConnectionOrder()
    var plain: [(number: Int, site: IPAddress?, standing: ConnectionOrder.Standing)] = []
    let sites = [IPAddress("192.0.2.1"), IPAddress("2001:db8::1"), nil]
    func first(_ matches: (IPAddress?) -> Bool) -> Int? {
      for standing in ConnectionOrder.Standing.allCases {
        if let entry = plain.first(where: { $0.standing == standing && matches($0.site) }) { return entry.number }
      }
      return nil
    }
    for _ in 0..<5_000 {
      let pick = plain.indices.randomElement(using: &random)
      switch (Int.random(in: 0..<5, using: &random), pick) {
      case (0...1, _), (_, nil):
        let site = sites[Int.random(in: 0..<3, using: &random)]
        plain.append((order.add(from: site), site, .unproven))
      case (2, let pick?): order.remove(plain.remove(at: pick).number)
      case (_, let pick?):
        var entry = plain.remove(at: pick)
        entry.standing = ConnectionOrder.Standing.allCases[Int.random(in: 0..<3, using: &random)]
        order.move(entry.number, to: entry.standing)
        plain.append(entry)
      }
      #expect(order.count == plain.count && order.expendable() == first { _ in true })
      for site in sites.compactMap(\.self) {
        #expect(order.expendable(of: site) == first { $0 == site })
        #expect(order.count(of: site) == plain.count { $0.site == site })
      }
    }
  }
}
