import AppSampleSite
import ArgumentParser
import Foundation
import HTTPService
import Services
import Timers

struct SampleSiteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample-site",
    abstract: "Serves sample pages of the health centre, with a week that begins today in Asia/Kolkata.",
    discussion: "For `app serve --source URL` where the real site is out of reach."
  )

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on, 0 for any free one. (env PORT; default: 8001)")
  var port: String?

  @Option(
    help: ArgumentHelp("A file that appears once the socket listens: one line of JSON.", valueName: "path"))
  var readyFile: String?

  @Option(help: "Waits this long before every answer, such as 500ms.")
  var delay: String?

  func run() async throws {
    let port = try port ?? Settings.current().environment["PORT"]
    let address = try ServeConfiguration.address(host: host, port: port, defaultPort: 8_001)
    let delay = try delay.map { try ServeConfiguration.delay($0, option: "--delay") }
    let readyFile = readyFile.map { ReadyFile(path: $0) }
    try readyFile?.clear()
    defer { try? readyFile?.clear() }
    let logger = try CommandLog.make("sample-site")
    let timers = try TimerThread(logger: logger)
    let pages = SampleSitePages { CampusClock.today() }
    let readiness = Readiness(readyFile: readyFile, bootID: UUID().uuidString.lowercased(), logger: logger)
    let server = HTTPServer(
      router: pages.makeRouter(), address: address, delay: delay.map(timers.waiting), logger: logger
    ) { bound in
      pages.isServed(at: bound)
      readiness.isListening(at: bound)
    }
    try await ServiceRun.untilSignalled(
      [server, readiness], timers: timers, logger: logger)
  }
}
