import Testing

@testable import Visits

@Suite struct CallerTests {
  private static let phone = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"

  @Test(
    "people are people, whatever their phone is called",
    arguments: [
      "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0", "Mozilla/5.0 (Linux; Android 9; CUBOT X19 S) \(phone)",
      "Mozilla/5.0 (Linux; Android 10; CUBOT_NOTE 20) \(phone)", "Mozilla/5.0 (Linux; U; Android 4; Cubot P9) \(phone)",
      "Mozilla/5.0 (Linux; Android 14; Botswana Edition) \(phone)", "Opera/9.80 (J2ME/MIDP; Opera Mini/9) Presto/2.12",
      "Mozilla/5.0 (Linux; Android 12; Roboto; Scania) \(phone)",
    ])
  func people(agent: String) { #expect(Caller(agent: agent) == .browser) }

  @Test(
    "applications and scripts are visitors until their rhythm says otherwise",
    arguments: [
      "okhttp/4.12", "curl/8.5.0", "python-requests/2.32", "python-httpx/0.27", "Go-http-client/2.0", "Dart/3.1", "",
      "Wget/1.21",
    ])
  func programs(agent: String) { #expect(Caller(agent: agent) == .program) }

  @Test(
    "monitors and pingers are none",
    arguments: [
      ("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot/2.0"),
      ("cron-job.org", "cron-job.org"), ("Gatus/1.0", "Gatus/1.0"),
      ("check_http/v2.3.3 (nagios-plugins 2.3.3)", "nagios-plugins"),
      ("Mozilla/5.0 (compatible) Better Uptime Bot", "Uptime"),
      ("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "Pingdom.com_bot_version_1.4_"),
      ("Uptime-Kuma/1.23", "Uptime-Kuma/1.23"), ("Outgrown/0.2 (heartbeat)", "Outgrown/0.2"),
    ])
  func monitors(agent: String, name: String) { #expect(Caller(agent: agent) == .monitor(name: name)) }

  @Test(
    "bots are none",
    arguments: [
      ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://g)", "Googlebot/2.1"),
      ("Mozilla/5.0 (compatible; MJ12bot/v1.4.8)", "MJ12bot/v1.4.8"),
      ("facebookexternalhit/1.1 (+http://www.facebook.com)", "facebookexternalhit/1.1"), ("Twitterbot", "Twitterbot"),
      ("Mozilla/5.0 (compatible; Baiduspider/2.0)", "Baiduspider/2.0"),
      ("Mozilla/5.0 (Linux; CUBOT X9; GPTBot/1.2)", "GPTBot/1.2"),
      ("Mozilla/5.0 HeadlessChrome/120.0", "HeadlessChrome/120.0"), ("WhatsApp/2.23", "WhatsApp/2.23"),
    ])
  func bots(agent: String, name: String) { #expect(Caller(agent: agent) == .bot(name: name)) }

  @Test("the platform's checks, this tool's load and its monitor are told apart")
  func own() {
    #expect(Caller(agent: "Render/1.0") == .platform(name: "Render/1.0"))
    #expect(Caller(agent: "kube-probe/1.29") == .platform(name: "kube-probe/1.29"))
    #expect(Caller(agent: "Outgrown/0.1.0 (load test; +campus-morning)") == .loadTest)
    #expect(Caller(agent: "Mozilla/5.0 (X11) Firefox/130.0 Outgrown/0.1.0 (load test; +look)") == .loadTest)
    #expect(Caller(agent: "curl/8.5.0 Outgrown/0.1.0 (load test)") == .loadTest)
    #expect(Caller(agent: "Mozilla/5.0 (load test) NotOutgrown/1 Firefox/130.0") == .browser)
    #expect(Caller(agent: "Outgrown/0.1.0 (monitor)") == .ownMonitor)
    #expect(!Caller.loadTest.isVisitor && !Caller.ownMonitor.isVisitor && Caller.program.isVisitor)
  }

  @Test("a visit begins after five silent minutes, for each client by itself")
  func visits() {
    var counter = VisitCounter()
    let begun = [(1, 0.0), (1, 299), (2, 299), (1, 598), (1, 898)].map { counter.begins(UInt64($0.0), at: $0.1) }
    #expect(begun == [true, false, true, false, true])
  }

  @Test("clients by the million cost no more memory, and those who are there are not counted twice")
  func bounded() {
    var counter = VisitCounter()
    for client in 0..<100_000 { _ = counter.begins(UInt64(client), at: Double(client) / 100) }
    let again = counter.begins(99_999, at: 1_000)
    #expect(!again)
  }
}
