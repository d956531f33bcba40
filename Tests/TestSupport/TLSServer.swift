import Foundation

/// `openssl s_server` on 127.0.0.1 with a self-signed certificate for that address.
package final class TLSServer {
  package let port: Int
  /// The certificate, which is its own authority.
  package let certificate: String
  private let process: Process
  private let directory: URL

  package static let program = "/usr/bin/openssl"
  package static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }

  package enum Failure: Error { case noCertificate, noPort }

  /// - Parameter days: until its certificate expires.
  package init(days: Int = 2) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    certificate = directory.appending(path: "certificate.pem").path
    let key = directory.appending(path: "key.pem").path
    let maker = TLSServer.process([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "\(days)", "-subj",
      "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
    ])
    try maker.run()
    maker.waitForEnd()
    guard maker.terminationStatus == 0 else { throw Failure.noCertificate }
    process = TLSServer.process(["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var said = ""
    while !said.contains("\n") || !said.contains("ACCEPT") {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw Failure.noPort }
      said += String(decoding: data, as: UTF8.self)
    }
    guard let text = said.split(separator: ":").last, let port = Int(text.prefix(while: \.isNumber)) else {
      throw Failure.noPort
    }
    self.port = port
  }

  deinit {
    // The child inherits the blocked signals of the worker thread that started it: SIGTERM would never arrive.
    kill(process.processIdentifier, SIGKILL)
    process.waitForEnd()
    try? FileManager.default.removeItem(at: directory)
  }

  private static func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }
}
