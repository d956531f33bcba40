import Curl
import Testing

struct RetryAfterTests {
  @Test(
    "Retry-After is read as seconds or as a date, by the server's own clock",
    arguments: [
      ("120", 120), ("0", 0), ("Sun, 06 Nov 1994 08:50:07 GMT", 30), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
      ("999999999999999999999", 86_400), ("", nil), ("-5", nil), ("soon", nil), ("1.5", nil),
      ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun, 31 Feb 1994 08:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
    ] as [(String, Int?)])
  func retryAfter(field: String, seconds: Int?) {
    let wait = seconds.map { Duration.seconds($0) }
    #expect(CurlHeaders([("retry-after", field)]).retryAfter(at: 784_111_777) == wait)
    let dated = CurlHeaders([("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Retry-After", field)])
    #expect(dated.retryAfter(at: 0) == wait)
    #expect(CurlHeaders().retryAfter(at: 0) == nil)
  }
}
