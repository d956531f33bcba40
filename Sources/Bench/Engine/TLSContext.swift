import Authorities
import COpenSSL
import Glibc

/// One OpenSSL client context, shared by the connections of one worker thread.
struct TLSContext: ~Copyable {
  private let context: OpaquePointer
  /// The name or address that certificates must be for.
  private let host: String
  private let hostIsAddress: Bool
  private let verifies: Bool
  /// False where neither the plan nor this machine names any.
  private let hasAuthorities: Bool

  /// - Parameter systemBundle: a PEM file of authorities, for when OpenSSL's own places are empty.
  /// - Throws: `EngineError` code `.tls` when the authority file can't be read, `.system` when memory is short.
  init(
    _ plan: TLSPlan, host: String, ownPlaces: OpenSSLAuthorities = .compiledIn,
    systemBundle: String? = AuthorityBundle.system
  ) throws(EngineError) {
    let usesOwnPlaces = plan.authorityFile == nil && ownPlaces.isPopulated
    let file = plan.authorityFile ?? (usesOwnPlaces ? nil : systemBundle)
    context = try Self.makeContext(plan, authorityFile: file)
    hasAuthorities = usesOwnPlaces || file != nil
    self.host = host
    verifies = !plan.insecure
    var scratch = in6_addr()
    hostIsAddress = inet_pton(AF_INET, host, &scratch) == 1 || inet_pton(AF_INET6, host, &scratch) == 1
  }

  private static func makeContext(_ plan: TLSPlan, authorityFile: String?) throws(EngineError) -> OpaquePointer {
    guard let context = SSL_CTX_new(TLS_client_method()) else {
      throw EngineError(.system, "OpenSSL can't make a client context: \(lastError())")
    }
    copenssl_tune(context)
    SSL_CTX_set_verify(context, plan.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
    if plan.insecure { return context }
    if let file = authorityFile {
      guard SSL_CTX_load_verify_file(context, file) == 1 else {
        SSL_CTX_free(context)
        throw EngineError(.tls, "\(file): no certificate authority can be read from it (expected a PEM file)")
      }
    } else {
      SSL_CTX_set_default_verify_paths(context)
    }
    return context
  }

  deinit { SSL_CTX_free(context) }

  /// A session on a connected socket, ready for its handshake; nil when memory is short.
  func makeSession(on descriptor: Int32) -> OpaquePointer? {
    guard let session = SSL_new(context) else { return nil }
    SSL_set_fd(session, descriptor)
    if hostIsAddress {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host)
    } else {
      copenssl_set_server_name(session, host)
      SSL_set1_host(session, host)
    }
    SSL_set_connect_state(session)
    return session
  }

  /// What went wrong in a handshake, in words.
  func failure(of session: OpaquePointer) -> String {
    let verification = SSL_get_verify_result(session)
    if verifies, verification != Int(X509_V_OK) {
      return Self.distrust(for: verification, hasAuthorities: hasAuthorities)
    }
    return "the TLS handshake failed: \(Self.lastError())"
  }

  /// What OpenSSL says of a chain that ends in nothing it knows. A certificate that signed itself is not among them:
  /// no list of authorities would have held it.
  private static let issuerUnknown = [
    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
  ].map(Int.init)

  static func distrust(for verification: Int, hasAuthorities: Bool) -> String {
    if !hasAuthorities, issuerUnknown.contains(verification) {
      return "the certificate can't be checked: \(AuthorityBundle.advice)"
    }
    let reason = X509_verify_cert_error_string(verification).map { String(cString: $0) } ?? "unknown reason"
    return "the certificate is not trusted: \(reason)"
  }

  static func lastError() -> String {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    guard code != 0, let reason = ERR_reason_error_string(code) else { return "the peer closed the connection" }
    return String(cString: reason)
  }
}
