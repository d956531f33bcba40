import BenchEngine
import Documents
package import Foundation
import Instants
import Wording

/// Reads what browsers record: HTTP Archive 1.2.
package enum HARImport {
  /// How messages are framed, hop by hop: the engine's own. Source: RFC 9110 §7.6.1, RFC 9113 §8.2.2.
  private static let framing: Set<String> = [
    "connection", "content-length", "transfer-encoding", "te", "upgrade", "expect", "trailer", "keep-alive",
    "proxy-connection", "http2-settings",
  ]
  private static let shortestPause = Duration.milliseconds(10)

  /// The requests to the host of the first one that goes over HTTP, in the order in which they began.
  package static func read(_ data: Data) throws(ImportError) -> ImportedRequests {
    let archive: HARArchive
    do {
      let hasMark = data.starts(with: [0xEF, 0xBB, 0xBF])
      archive = try JSONDecoder().decode(HARArchive.self, from: hasMark ? data.dropFirst(3) : data)
    } catch {
      throw ImportError("no HTTP Archive: expected JSON with log.entries, each with a request's method and url")
    }
    var reader = Reader()
    for entry in ordered(archive.log.entries) { try reader.add(entry) }
    return try reader.result()
  }

  /// By the time at which they began, where all say it.
  private static func ordered(_ entries: [HARArchive.Entry]) -> [HARArchive.Entry] {
    let times = entries.compactMap { $0.startedDateTime.flatMap(seconds) }
    guard times.count == entries.count else { return entries }
    return zip(entries, times).enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
      .map(\.element.0)
  }

  /// Since 1970.
  static func seconds(_ text: String) -> Double? {
    InstantReader.whole(text) { $0.iso() }.map { Double($0.seconds) + $0.fraction }
  }

  private struct Reader {
    private var imported = ImportedRequests()
    private var origin: TargetURL?
    /// When all requests so far were answered.
    private var end: Double?
    /// What the service has set in the recording.
    private var cookies: [String: String] = [:]

    mutating func add(_ entry: HARArchive.Entry) throws(ImportError) {
      let shown = entry.request.url.excerpt
      func leaveOut(_ reason: String) { imported.leftOut.append((reason, shown)) }
      let scheme = entry.request.url.firstRange(of: ":").map { entry.request.url[..<$0.lowerBound].lowercased() } ?? ""
      if scheme == "ws" || scheme == "wss" || entry.resourceType == "websocket" || entry.response?.status == 101 {
        return leaveOut("a web socket")
      }
      guard scheme == "http" || scheme == "https" else { return leaveOut("not http or https") }
      if entry.fromCache != nil { return leaveOut("answered by the browser's cache") }
      if entry.response?.isFromServiceWorker == true { return leaveOut("answered by a service worker") }
      if entry.response?.error?.contains("BLOCKED") == true { return leaveOut("blocked by the browser") }
      let method = entry.request.method.uppercased()
      guard ScenarioDecoder.methods.contains(method.lowercased()) else {
        return leaveOut("the method \(method.excerpt) is none of a step's")
      }
      var request = ImportedRequest(method: method, url: url(of: entry.request))
      request.status = entry.response?.status.flatMap { (100...599).contains($0) ? $0 : nil }
      guard let target = try? TargetURL.split(withoutUser(&request)).origin else {
        return leaveOut("no URL that can be asked")
      }
      guard target == origin ?? target else { return leaveOut("other hosts") }
      setHeaders(of: &request, entry.request)
      if let reason = setBody(of: &request, entry.request.postData) { return leaveOut(reason) }
      if ["GET", "HEAD", "OPTIONS"].contains(method), request.hasBody {
        return leaveOut("a body with \(method), which a step can't send")
      }
      origin = target
      setPause(before: entry)
      remember(entry.response)
      imported.requests.append(request)
    }

    func result() throws(ImportError) -> ImportedRequests {
      guard !imported.requests.isEmpty else {
        let reasons = imported.leftOutLines.joined(separator: "; ")
        throw ImportError(
          "no entry with an http or https URL that can be a step" + (reasons.isEmpty ? "" : ": \(reasons)"))
      }
      return imported
    }

    // MARK: Parts

    private func url(of request: HARArchive.Request) -> String {
      var url = String(request.url.prefix { $0 != "#" })
      // Some tools write the query beside the URL only.
      if !url.contains("?"), let pairs = request.queryString, !pairs.isEmpty {
        url += "?" + pairs.map { "\(percent($0.name))=\(percent($0.value ?? ""))" }.joined(separator: "&")
      }
      return url
    }

    /// Takes a user's name out of the URL, and makes it the header that it is sent as.
    private func withoutUser(_ request: inout ImportedRequest) -> String {
      guard let begin = request.url.firstRange(of: "://")?.upperBound else { return request.url }
      let authority = request.url[begin...].prefix { !"/?".contains($0) }
      guard let at = authority.lastIndex(of: "@") else { return request.url }
      let user = authority[..<at].removingPercentEncoding ?? String(authority[..<at])
      request.headers.append(.init("Authorization", "Basic \(Data(user.utf8).base64EncodedString())"))
      request.url.removeSubrange(begin...at)
      return request.url
    }

    private mutating func setHeaders(of request: inout ImportedRequest, _ recorded: HARArchive.Request) {
      let headers = recorded.headers ?? []
      var cookieLines: [String] = []
      for header in headers {
        let name = header.name.lowercased()
        if name.hasPrefix(":") || framing.contains(name) || !RequestRenderer.isToken(header.name) { continue }
        if name == "host", let host = try? TargetURL.split(request.url).origin.hostHeader, header.value == host {
          continue
        }
        if name == "cookie" {
          cookieLines.append(header.value ?? "")
        } else if name == "authorization", !request.values(of: name).isEmpty {
          continue
        } else {
          request.headers.append(.init(header.name, header.value ?? ""))
        }
      }
      if request.headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
        imported.note("User-Agent: this tool's own name follows the one that was recorded")
      }
      if cookieLines.isEmpty, let pairs = recorded.cookies, !pairs.isEmpty {
        cookieLines = [pairs.map { "\($0.name)=\($0.value ?? "")" }.joined(separator: "; ")]
      }
      // What the service has set by then, users keep by themselves.
      let pairs = cookieLines.flatMap { $0.split(separator: ";") }.map { String($0.drop { $0 == " " }) }
      let others = pairs.filter { pair in
        let name = String(pair.prefix { $0 != "=" })
        return cookies[name] != String(pair.dropFirst(name.count + 1))
      }
      if others.count < pairs.count { imported.keepsCookies = true }
      if !others.isEmpty { request.headers.append(.init("Cookie", others.joined(separator: "; "))) }
    }

    /// - Returns: why the request can't be a step.
    private func setBody(of request: inout ImportedRequest, _ data: HARArchive.PostData?) -> String? {
      guard let data else { return nil }
      let declared = request.values(of: "content-type").compactMap(\.self).first ?? data.mimeType ?? ""
      let hasType = !request.values(of: "content-type").isEmpty
      if let text = data.text, !text.isEmpty {
        var body: String? = text
        if data.encoding?.lowercased() == "base64" {
          body = Data(base64Encoded: text).flatMap { String(validating: $0, as: UTF8.self) }
        }
        guard let body else { return "a body that is no text" }
        request.body = body
      } else if let fields = data.params, !fields.isEmpty {
        if declared.lowercased().hasPrefix("multipart/") {
          guard !fields.contains(where: { $0.fileName != nil && $0.value == nil }) else {
            return "a form with a file whose content was not recorded"
          }
          request.headers.removeAll { $0.name.lowercased() == "content-type" }
          request.parts = fields.map {
            .init(name: $0.name, text: $0.value ?? "", type: $0.contentType, fileName: $0.fileName)
          }
          return nil
        }
        request.body = fields.map { "\(form($0.name))=\(form($0.value ?? ""))" }.joined(separator: "&")
        if declared.isEmpty { request.headers.append(.init("Content-Type", "application/x-www-form-urlencoded")) }
      } else {
        return nil
      }
      if !hasType, !declared.isEmpty { request.headers.append(.init("Content-Type", declared)) }
      if !hasType, declared.isEmpty, data.params == nil { request.headers.append(.init("Content-Type", nil)) }
      return nil
    }

    /// From the last answer to this request, where nothing else was under way.
    private mutating func setPause(before entry: HARArchive.Entry) {
      guard let start = entry.startedDateTime.flatMap(seconds) else { return }
      if let end, let last = imported.requests.indices.last, start > end {
        let longest = Scenario.Bounds.think.upperBound.seconds
        if start - end > longest { imported.note("a pause of over an hour is cut to one") }
        let pause = Duration.milliseconds(Int64((min(start - end, longest) * 1_000).rounded()))
        if pause >= shortestPause { imported.requests[last].pause = pause }
      }
      // No answer takes a day: such a time is none.
      let time = (entry.time ?? 0) / 1_000
      end = max(end ?? start, start + ((0...86_400).contains(time) ? time : 0))
    }

    private mutating func remember(_ response: HARArchive.Response?) {
      for header in response?.headers ?? [] where header.name.lowercased() == "set-cookie" {
        // Some browsers join several with line ends.
        for line in (header.value ?? "").split(separator: "\n") {
          let pair = line.prefix { $0 != ";" }
          let name = String(pair.prefix { $0 != "=" })
          cookies[name] = String(pair.dropFirst(name.count + 1))
        }
      }
    }

    private func percent(_ text: String) -> String { ValueEncoding.percent.text(text.utf8) }

    private func form(_ text: String) -> String { percent(text).replacing("%20", with: "+") }
  }
}
