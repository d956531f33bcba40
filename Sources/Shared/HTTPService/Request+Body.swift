package import Hummingbird
import NIOCore

extension Request {
  /// The whole body. One that is cut short is the client's doing, and nobody's error.
  /// - Throws: `HTTPProblem`, 413 or 400.
  package func wholeBody(upTo limit: Int) async throws(HTTPProblem) -> [UInt8] {
    do {
      return Array(buffer: try await body.collect(upTo: limit))
    } catch is NIOTooManyBytesError {
      throw HTTPProblem(.contentTooLarge, "at most \(limit) bytes were expected")
    } catch {
      throw HTTPProblem(.badRequest, "the request ended before its body was complete")
    }
  }
}
