import Testing

@testable import AppAPI

struct EntityTagTests {
  @Test("entity tags are the same for the same bytes and differ for others")
  func tags() {
    // FNV-1a of nothing is its offset basis.
    #expect(EntityTag.strong(of: []) == "\"e3b0c44298fc1c149afbf4c8996fb924\"")
    #expect(EntityTag.strong(of: Array("a".utf8)) == "\"ca978112ca1bbdcafac231b39a23dc4d\"")
  }
}
