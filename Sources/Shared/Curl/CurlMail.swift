import CCurl

/// One message for one SMTP server, with every bound that its transfer must keep.
package struct CurlMail: Sendable {
  package enum Encryption: Sendable, Equatable {
    /// STARTTLS, or TLS from the start for `smtps://`; a server without it gets nothing.
    case required
    /// None: for a server on this machine.
    case none
  }

  /// `smtp://host:port` or `smtps://host:port`, without a user.
  package var url: String
  package var user: String?
  package var password: String?
  package var encryption: Encryption
  /// Envelope addresses, without brackets.
  package var sender: String
  package var recipient: String
  /// The message with its header, lines ended by CRLF.
  package var content: [UInt8]
  package var connectTimeout: Duration
  package var totalTimeout: Duration
  /// PEM file of the authorities to trust instead of the system's. Certificates are verified, always.
  package var authorityFile: String?

  package init(
    url: String, user: String? = nil, password: String? = nil, encryption: Encryption = .required, sender: String,
    recipient: String, content: [UInt8], connectTimeout: Duration = .seconds(10), totalTimeout: Duration = .seconds(30),
    authorityFile: String? = nil
  ) {
    self.url = url
    self.user = user
    self.password = password
    self.encryption = encryption
    self.sender = sender
    self.recipient = recipient
    self.content = content
    self.connectTimeout = connectTimeout
    self.totalTimeout = totalTimeout
    self.authorityFile = authorityFile
  }

  /// What libcurl would put on the wire without a look at it.
  func validate() throws(CurlError) {
    guard let scheme = CurlURL.scheme(of: url), ["smtp", "smtps"].contains(scheme) else {
      throw CurlError(.protocol, "\(CurlURL.redacted(url)) is neither smtp:// nor smtps://; give a full URL")
    }
    for address in [sender, recipient] {
      let isPath = address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3C && $0 != 0x3E }
      guard isPath, address.utf8.count <= 254, address.contains("@") else {
        throw CurlError(.protocol, "an address of the envelope is none; local@domain in ASCII was expected")
      }
    }
  }
}

extension CurlClient {
  /// Hands a message to a server. Returns once the server has taken responsibility for it.
  /// - Throws: `CurlError`; its `reply` is the server's last code, where it had one.
  package func send(_ mail: CurlMail) async throws(CurlError) {
    try mail.validate()
    var request = CurlRequest(
      method: "MAIL", url: mail.url, body: mail.content, connectTimeout: mail.connectTimeout,
      totalTimeout: mail.totalTimeout, maxBodyBytes: 65_536, maxRedirects: 0, authorityFile: mail.authorityFile)
    request.mail = mail
    _ = try await transfer(request)
  }
}

extension CurlTransfer {
  /// What a mail needs beside the bounds of every transfer.
  func configure(_ mail: CurlMail) {
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    set(CURLOPT_USE_SSL, mail.encryption == .required ? Int(CURLUSESSL_ALL.rawValue) : Int(CURLUSESSL_NONE.rawValue))
    if let user = mail.user { set(CURLOPT_USERNAME, user) }
    if let password = mail.password { set(CURLOPT_PASSWORD, password) }
    set(CURLOPT_MAIL_FROM, "<\(mail.sender)>")
    append("<\(mail.recipient)>", to: &recipients, CURLOPT_MAIL_RCPT)
    if let recipients { set(CURLOPT_MAIL_RCPT, recipients) }
    set(CURLOPT_UPLOAD, 1)
    // An idle connection that the server is about to close is not worth a failed try.
    set(CURLOPT_MAXAGE_CONN, 20)
    setSize(CURLOPT_INFILESIZE_LARGE, mail.content.count)
    set(CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque())
    set(CURLOPT_READFUNCTION) { bytes, size, count, context in
      CurlTransfer.of(context)?.give(to: bytes, size * count) ?? 0
    }
  }

  /// libcurl doubles dots at the beginning of lines and ends the message by itself.
  private func give(to bytes: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
    guard let bytes, let body = request.body else { return 0 }
    let count = min(room, body.count - uploaded)
    guard count > 0 else { return 0 }
    body.withUnsafeBytes { body in
      UnsafeMutableRawBufferPointer(start: bytes, count: count)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: body[uploaded..<uploaded + count]))
    }
    uploaded += count
    return count
  }
}
