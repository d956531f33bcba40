import Curl

/// What a push service or an API answered.
struct PeerAnswer {
  var status: Int
  /// Empty where it is longer than what is read.
  var body: [UInt8]
  var retryAfter: Duration?
}

extension CurlClient {
  /// Asks a peer.
  /// - Parameters:
  ///   - time: seconds since 1970.
  ///   - origin: all of the URL that may be told.
  /// - Throws: `ChannelError` where no answer came.
  func answer(
    to request: CurlRequest, at time: Double, from origin: String
  ) async throws(ChannelError) -> PeerAnswer {
    do throws(CurlError) {
      let response = try await send(request)
      return PeerAnswer(
        status: response.status, body: response.body, retryAfter: response.headers.retryAfter(at: time))
    } catch {
      // Beyond what is read of an answer, its status stands.
      guard error.code == .tooLarge, let status = error.reply else { throw ChannelError(error, from: origin) }
      return PeerAnswer(status: status, body: [])
    }
  }
}
