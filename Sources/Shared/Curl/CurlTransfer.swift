import Authorities
import CCurl
import Instants

/// One easy handle with everything it points at. Lives on the loop's thread only.
final class CurlTransfer {
  let ticket: CurlTicket
  let handle: UnsafeMutableRawPointer
  let request: CurlRequest
  private var headerList: UnsafeMutablePointer<curl_slist>?
  /// Of a mail.
  var recipients: UnsafeMutablePointer<curl_slist>?
  /// Bytes of a mail that libcurl has taken.
  var uploaded = 0
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private var headers = CurlHeaders()
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var overflow: String?

  /// Per response; libcurl bounds one line (100 KB), not their sum.
  private static let maxHeaderBytes = 262_144

  init?(_ request: CurlRequest, ticket: CurlTicket) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.request = request
    self.ticket = ticket
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    configure()
  }

  /// The handle must have left the multi handle.
  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    curl_slist_free_all(recipients)
    errorBuffer.deallocate()
  }

  private func configure() {
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_REDIR_PROTOCOLS_STR, request.redirectsOnlyToHTTPS ? "https" : "http,https")
    set(CURLOPT_FOLLOWLOCATION, request.maxRedirects > 0 ? 1 : 0)
    set(CURLOPT_MAXREDIRS, max(0, request.maxRedirects))
    set(CURLOPT_CONNECTTIMEOUT_MS, CurlTransfer.milliseconds(request.connectTimeout))
    set(CURLOPT_TIMEOUT_MS, CurlTransfer.milliseconds(request.totalTimeout))
    set(CURLOPT_NOSIGNAL, 1)
    // A name that doesn't resolve in time must not hold up the loop until the resolver's thread has given up.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_USERAGENT, request.userAgent)
    set(CURLOPT_ACCEPT_ENCODING, "")
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    if let file = request.authorityFile ?? AuthorityBundle.system { set(CURLOPT_CAINFO, file) }
    if CurlURL(request.url)?.isLoopback == true { set(CURLOPT_PROXY, "") }
    if request.tellsCertificate { set(CURLOPT_CERTINFO, 1) }
    if request.freshConnection {
      set(CURLOPT_FRESH_CONNECT, 1)
      set(CURLOPT_FORBID_REUSE, 1)
      set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
    }
    if let mail = request.mail {
      configure(mail)
    } else {
      setMethod()
      setHeaders()
    }
    _ = ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorBuffer)
    // libcurl stops at an announced length without reading the body.
    _ = ccurl_set_off(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maxBodyBytes)))
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    _ = ccurl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      CurlTransfer.of(context)?.take(body: bytes, size * count) ?? 0
    }
    _ = ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    _ = ccurl_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      CurlTransfer.of(context)?.take(header: bytes, size * count) ?? 0
    }
  }

  private func setMethod() {
    if let body = request.body {
      _ = ccurl_set_off(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      body.withUnsafeBytes { bytes in
        // An empty body has no address, which libcurl would take for "ask the read callback".
        let address = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
        if let address {
          _ = ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, address)
        } else {
          set(CURLOPT_COPYPOSTFIELDS, "")
        }
      }
      if request.method != "POST" { set(CURLOPT_CUSTOMREQUEST, request.method) }
    } else if request.method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if request.method != "GET" {
      set(CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  private func setHeaders() {
    // Without this, bodies over 1 MB would wait a second for a `100 Continue` that few servers send.
    var lines = request.body == nil ? [] : ["Expect:"]
    // `Name;` is libcurl's spelling for a field without a value.
    lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    for line in lines {
      guard let longer = curl_slist_append(headerList, line) else { return }
      headerList = longer
    }
    if let headerList { _ = ccurl_set_list(handle, CURLOPT_HTTPHEADER, headerList) }
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Anything but `count` makes libcurl abort.
  private func take(body bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard let bytes, count > 0 else { return 0 }
    guard count <= request.maxBodyBytes - body.count else {
      overflow = "the body is larger than \(request.maxBodyBytes) bytes"
      return 0
    }
    body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  private func take(header bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard let bytes, count > 0 else { return 0 }
    headerBytes += count
    guard headerBytes <= CurlTransfer.maxHeaderBytes else {
      overflow = "the header is larger than \(CurlTransfer.maxHeaderBytes) bytes"
      return 0
    }
    headers.take(line: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  func finish(_ result: CURLcode) -> Result<CurlResponse, CurlError> {
    guard result == CURLE_OK else {
      if let overflow {
        return .failure(
          CurlError(.tooLarge, "\(CurlURL.redacted(request.url)): \(overflow); raise the limit if needed"))
      }
      let url = string(CURLINFO_EFFECTIVE_URL) ?? request.url
      var error = CurlError(result, url: url, detail: String(cString: errorBuffer), request: request)
      let reply = long(CURLINFO_RESPONSE_CODE)
      if reply > 0 { error.reply = reply }
      return .failure(error)
    }
    var response = CurlResponse(
      status: long(CURLINFO_RESPONSE_CODE), headers: headers, body: body,
      effectiveURL: string(CURLINFO_EFFECTIVE_URL) ?? request.url, redirects: long(CURLINFO_REDIRECT_COUNT),
      primaryIP: string(CURLINFO_PRIMARY_IP))
    response.phases.dns = microseconds(CURLINFO_NAMELOOKUP_TIME_T)
    response.phases.connect = microseconds(CURLINFO_CONNECT_TIME_T)
    response.phases.tls = microseconds(CURLINFO_APPCONNECT_TIME_T)
    response.phases.firstByte = microseconds(CURLINFO_STARTTRANSFER_TIME_T)
    response.phases.total = microseconds(CURLINFO_TOTAL_TIME_T)
    if request.tellsCertificate { response.certificateExpiry = certificateExpiry }
    return .success(response)
  }

  /// Of the first certificate, the server's own: `Expire date:Feb  3 10:00:00 2027 GMT`.
  /// - Source: libcurl, `CURLINFO_CERTINFO`.
  private var certificateExpiry: Double? {
    var fields: UnsafeMutablePointer<curl_slist>?
    guard ccurl_get_certificate(handle, &fields) == CURLE_OK else { return nil }
    while let field = fields?.pointee {
      let text = field.data.map { String(cString: $0) } ?? ""
      if text.hasPrefix("Expire date:") {
        var reader = InstantReader(Array(text.utf8.dropFirst(12))[...])
        return (reader.ctime() ?? reader.iso()).map { Double($0.seconds) }
      }
      fields = field.next
    }
    return nil
  }

  /// At least 1: libcurl reads 0 as its own default.
  private static func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return max(1, Int(min(max(seconds, 0), 86_400)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
  }

  func set(_ option: CURLoption, _ value: Int) { _ = ccurl_set_long(handle, option, value) }
  func set(_ option: CURLoption, _ value: String) { _ = ccurl_set_string(handle, option, value) }

  private func long(_ info: CURLINFO) -> Int {
    var value = 0
    return ccurl_get_long(handle, info, &value) == CURLE_OK ? value : 0
  }

  private func microseconds(_ info: CURLINFO) -> Duration {
    var value: curl_off_t = 0
    return ccurl_get_off(handle, info, &value) == CURLE_OK ? .microseconds(Int64(value)) : .zero
  }

  private func string(_ info: CURLINFO) -> String? {
    var value: UnsafeMutablePointer<CChar>?
    guard ccurl_get_string(handle, info, &value) == CURLE_OK, let value else { return nil }
    return value.pointee == 0 ? nil : String(cString: value)
  }
}
