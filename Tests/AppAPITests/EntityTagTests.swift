import Testing

@testable import AppAPI

struct EntityTagTests {
  @Test("entity tags are the same for the same bytes and differ for others")
  func tags() {
    // FNV-1a of nothing is its offset basis.
    #expect(EntityTag.strong(of: []) == "\"6c62272e07bb014262b821756295c58d\"")
    #expect(EntityTag.strong(of: Array("a".utf8)) == "\"d228cb696f1a8caf78912b704e4a8964\"")
  }
}
