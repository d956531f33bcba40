import Authorities
import CCurl

extension CurlError {
  /// libcurl's result of a transfer to `url`; `detail` is what it wrote into the error buffer.
  init(_ result: CURLcode, url: String, detail: String, request: CurlRequest) {
    // libcurl has one word for a server that refuses a mail's sender or recipient and for a broken connection.
    let isRefusal = request.mail != nil && result == CURLE_SEND_ERROR && detail.contains(" failed: ")
    let code = isRefusal ? .refused : CurlError.code(of: result)
    let said = detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
    self.init(code, "\(CurlURL.redacted(url)): \(said); \(CurlError.advice(for: result, code, request))")
  }

  private static func code(of result: CURLcode) -> Code {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve
    case CURLE_COULDNT_CONNECT: .connect
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
      CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
      .tls
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_FILESIZE_EXCEEDED: .tooLarge
    case CURLE_TOO_MANY_REDIRECTS: .redirectLimit
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
      CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_RANGE_ERROR:
      .protocol
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .reset
    case CURLE_LOGIN_DENIED: .login
    default: .other
    }
  }

  private static func advice(for result: CURLcode, _ code: Code, _ request: CurlRequest) -> String {
    switch code {
    case .addressRefused: "name an address that the request may connect to"
    case .resolve: "check the host's name and this machine's DNS"
    case .connect: "check that the host and port are right and that a server listens there"
    case .tls where result == CURLE_SSL_CACERT_BADFILE:
      (request.authorityFile ?? AuthorityBundle.system).map {
        "no authority can be read from \($0) (expected a PEM file)"
      }
        ?? AuthorityBundle.advice
    case .tls where result == CURLE_USE_SSL_FAILED: "the server offers no STARTTLS; name one that does"
    case .tls: "check the certificate, its name and this machine's clock and authorities"
    case .timeout:
      "not complete within \(request.totalTimeout) (connect: \(request.connectTimeout)); allow more or try again later"
    case .tooLarge: "more than \(request.maxBodyBytes) bytes; raise the limit if that is expected"
    case .redirectLimit: "more than \(request.maxRedirects) redirects; give the final URL"
    case .protocol where request.mail != nil: "the server answered what was not expected of a mail server"
    case .protocol:
      request.redirectsOnlyToHTTPS
        ? "only http and https are spoken, and redirects lead to https only; give the final URL"
        : "only http and https are spoken; give the final URL"
    case .reset: "the server ended the connection early; try again"
    case .login: "check the user and the password"
    case .refused: "the mail server did not take it"
    case .cancelled: "the request was cancelled"
    case .other: "see libcurl's message"
    }
  }
}
