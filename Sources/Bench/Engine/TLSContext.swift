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
  /// Connections take up sessions of earlier ones.
  let resumes: Bool

  /// - Parameters:
  ///   - sparesMemory: idle connections give their buffers back, which costs an allocation for each use.
  ///   - systemBundle: a PEM file of authorities, for when OpenSSL's own places are empty.
  /// - Throws: `EngineError` code `.tls` when the authority file can't be read or what was asked for can't be set,
  ///   `.system` when memory is short.
  init(
    _ plan: TLSPlan, host: String, sparesMemory: Bool = false, ownPlaces: OpenSSLAuthorities = .compiledIn,
    systemBundle: String? = AuthorityBundle.system
  ) throws(EngineError) {
    let usesOwnPlaces = plan.authorityFile == nil && ownPlaces.isPopulated
    let file = plan.authorityFile ?? (usesOwnPlaces ? nil : systemBundle)
    context = try Self.makeContext(plan, authorityFile: file, sparesMemory: sparesMemory)
    hasAuthorities = usesOwnPlaces || file != nil
    self.host = plan.serverName ?? host
    verifies = !plan.insecure
    resumes = plan.resumes
    hostIsAddress = SocketAddress.isLiteral(self.host)
  }

  private static func makeContext(
    _ plan: TLSPlan, authorityFile: String?, sparesMemory: Bool
  ) throws(EngineError) -> OpaquePointer {
    guard let context = SSL_CTX_new(TLS_client_method()) else {
      throw EngineError(.system, "OpenSSL can't make a client context: \(lastError())")
    }
    copenssl_tune(context, sparesMemory ? 1 : 0)
    SSL_CTX_set_options(context, plan.resumes ? 0 : copenssl_no_ticket())
    guard copenssl_limit_versions(context, plan.minimumVersion.number, plan.maximumVersion.number) == 1 else {
      SSL_CTX_free(context)
      throw EngineError(.tls, "this OpenSSL can't be kept to the TLS versions that were asked for: \(lastError())")
    }
    SSL_CTX_set_verify(context, plan.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
    if plan.insecure { return context }
    if let file = authorityFile {
      guard SSL_CTX_load_verify_file(context, file) == 1 else {
        SSL_CTX_free(context)
        throw EngineError(.tls, "\(file): no certificate authority can be read from it (expected a PEM file)")
      }
    } else if SSL_CTX_set_default_verify_paths(context) != 1 {
      SSL_CTX_free(context)
      throw EngineError(.tls, "OpenSSL can't look for certificate authorities: \(lastError())")
    }
    return context
  }

  deinit { SSL_CTX_free(context) }

  /// A session on a connected socket, ready for its handshake; nil when memory is short, or when OpenSSL would not
  /// check that the peer is who it should be.
  /// - Parameter ticket: what `end` kept of an earlier connection.
  func makeSession(on descriptor: Int32, ticket: OpaquePointer? = nil) -> OpaquePointer? {
    ERR_clear_error()
    guard let session = SSL_new(context) else { return nil }
    guard SSL_set_fd(session, descriptor) == 1, expectHost(session) else {
      SSL_free(session)
      return nil
    }
    SSL_set_connect_state(session)
    // Without it there is a whole handshake, nothing less.
    if let ticket { _ = SSL_set_session(session, ticket) }
    return session
  }

  private func expectHost(_ session: OpaquePointer) -> Bool {
    if hostIsAddress { return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 }
    return copenssl_set_server_name(session, host) == 1 && SSL_set1_host(session, host) == 1
  }

  /// Frees a session. What a later connection needs to take it up replaces `ticket`.
  func end(_ session: OpaquePointer, keeping ticket: inout OpaquePointer?) {
    if resumes, SSL_is_init_finished(session) == 1 {
      // Freed without a word of good-bye, it could not be resumed.
      SSL_set_shutdown(session, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
      if let newest = SSL_get1_session(session) {
        if SSL_SESSION_is_resumable(newest) == 1 {
          SSL_SESSION_free(ticket)
          ticket = newest
        } else {
          SSL_SESSION_free(newest)
        }
      }
    }
    SSL_free(session)
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

  /// - Parameter otherwise: what it means that OpenSSL has noted nothing.
  static func lastError(otherwise: String = "the peer closed the connection") -> String {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    guard code != 0, let reason = ERR_reason_error_string(code) else { return otherwise }
    return String(cString: reason)
  }
}

extension TLSVersion {
  fileprivate var number: Int32 {
    switch self {
    case .tls12: TLS1_2_VERSION
    case .tls13: TLS1_3_VERSION
    }
  }
}
