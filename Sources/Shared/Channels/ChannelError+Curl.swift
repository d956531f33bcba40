import Curl

extension ChannelError {
  /// No answer came. libcurl's own message holds the URL, and that may be the recipient's alone: only the origin is told.
  init(_ error: CurlError, from origin: String) {
    switch error.code {
    case .addressRefused:
      self.init(
        .configuration,
        "\(origin) leads to an address that nothing may go to; check this machine's DNS and that no proxy is set")
    case .tls:
      self.init(
        .configuration, "\(origin): no certificate that is trusted; check this machine's clock and authorities")
    default:
      self.init(
        .temporary, "\(origin) gave no answer: \(error.code.rawValue)",
        mayHaveArrived: error.code != .resolve && error.code != .connect)
    }
  }
}
