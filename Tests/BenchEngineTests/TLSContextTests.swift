import COpenSSL
import Foundation
import Testing

@testable import BenchEngine

@Suite struct TLSContextTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")

  @Test("OpenSSL's places hold authorities when its file can be read or its folder has an entry")
  func places() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "cert.pem").path
    #expect(!OpenSSLAuthorities(file: file, folder: folder.path).isPopulated)
    #expect(!OpenSSLAuthorities(file: file, folder: folder.path + "/nowhere").isPopulated)
    try Data().write(to: URL(filePath: file))
    #expect(OpenSSLAuthorities(file: file, folder: "/nowhere").isPopulated)
    #expect(OpenSSLAuthorities(file: "/nowhere", folder: folder.path).isPopulated)
  }

  @Test("where OpenSSL's places are empty the system's bundle is read")
  func bundle() throws {
    let empty = OpenSSLAuthorities(file: "/nowhere", folder: "/nowhere")
    #expect(throws: EngineError.self) {
      _ = try TLSContext(TLSPlan(), host: "localhost", ownPlaces: empty, systemBundle: "/nowhere/bundle.pem")
    }
    _ = try TLSContext(TLSPlan(), host: "localhost", ownPlaces: empty, systemBundle: nil)
  }

  @Test(
    "without authorities an unknown issuer is this machine's fault, and says what to install",
    arguments: [X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN])
  func noAuthorities(reason: Int32) {
    let words = TLSContext.distrust(for: Int(reason), hasAuthorities: false)
    #expect(words.contains("ca-certificates") && words.contains("SSL_CERT_FILE"))
    #expect(TLSContext.distrust(for: Int(reason), hasAuthorities: true).contains("certificate is not trusted"))
  }

  @Test(
    "what no authority would mend is the certificate's fault",
    arguments: [X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT])
  func certificate(reason: Int32) {
    #expect(TLSContext.distrust(for: Int(reason), hasAuthorities: false).contains("certificate is not trusted"))
  }
}
