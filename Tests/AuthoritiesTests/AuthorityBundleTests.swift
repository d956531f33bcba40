import Testing

@testable import Authorities

@Suite struct AuthorityBundleTests {
  @Test("the first known file that can be read is the bundle", arguments: AuthorityBundle.knownFiles)
  func known(file: String) {
    #expect(AuthorityBundle.find(named: nil, isReadable: { $0 == file }) == file)
    #expect(AuthorityBundle.find(named: nil, isReadable: { $0 >= file }) != nil)
  }

  @Test("Debian's own file is preferred to a leftover elsewhere")
  func order() {
    #expect(AuthorityBundle.find(named: nil, isReadable: { _ in true }) == "/etc/ssl/certs/ca-certificates.crt")
  }

  @Test("what the user named wins, even where it can't be read: silence would trust others than asked for")
  func named() {
    #expect(AuthorityBundle.find(named: "/my/ca.pem", isReadable: { _ in true }) == "/my/ca.pem")
    #expect(AuthorityBundle.find(named: "/my/ca.pem", isReadable: { _ in false }) == "/my/ca.pem")
    #expect(AuthorityBundle.find(named: "", isReadable: { _ in false }) == nil)
  }

  @Test("a machine without any has none")
  func none() {
    #expect(AuthorityBundle.find(named: nil, isReadable: { _ in false }) == nil)
  }
}
