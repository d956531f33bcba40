import Testing

@testable import Curl

struct MailRefusalTests {
  @Test(
    "a refusal's status is read, of its text nothing",
    arguments: [
      ("550 5.1.1 no such user\r\n", 550, "5.1.1"), ("550-5.7.26 line one\r\n", 550, "5.7.26"),
      ("451 4.7.1\r\n", 451, "4.7.1"), ("550 5.1.10 <a@b.c> null MX", 550, "5.1.10"),
      ("550 no such user\r\n", nil, nil),
      ("250 2.1.5 ok\r\n", nil, nil), ("550 4.1.1 odd\r\n", nil, nil), ("550 5.1.1x\r\n", nil, nil), ("", nil, nil),
      ("550 5.1111.1 x", nil, nil),
    ] as [(String, Int?, String?)])
  func lines(line: String, reply: Int?, status: String?) {
    let refusal = MailRefusal(line: line.utf8)
    #expect(refusal?.reply == reply && refusal?.status == status)
  }
}
