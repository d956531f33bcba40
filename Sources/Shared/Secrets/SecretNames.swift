/// Which names of variables, headers and parameters carry secrets, and which values are one whatever they are called.
package enum SecretNames {
  private static let words: Set<String> = [
    "KEY", "TOKEN", "PASSWORD", "PASSWORDS", "PASSWD", "PASSPHRASE", "PASSCODE", "PASS", "PWD", "SECRET", "SECRETS",
    "CREDENTIAL", "CREDENTIALS",
  ]
  /// Words run together: `APIKEY`, `DBPASSWORD`, `PGPASS`.
  private static let endings = [
    "PASSWORD", "PASSWD", "SECRET", "APIKEY", "ACCESSKEY", "SECRETKEY", "PRIVATEKEY", "SUBSCRIPTIONKEY", "AUTHTOKEN",
    "ACCESSTOKEN", "REFRESHTOKEN", "SESSIONTOKEN", "CSRFTOKEN", "XSRFTOKEN", "DBPASS", "PGPASS", "SMTPPASS",
    "MAILPASS", "REDISPASS", "SQLPASS", "DBPWD", "SQLPWD",
  ]
  /// What makes a name no secret: the public half of a pair, where a secret is, or a property of one.
  private static let harmless: Set<String> = [
    "PUBLIC", "PUBLISHABLE", "ANON", "SITE",
    "NAME", "NAMES", "ID", "FILE", "PATH", "DIR", "HEADER", "FIELD", "URL", "URI", "ENDPOINT", "ISSUER", "AUDIENCE",
    "SCOPE", "SCOPES", "PROVIDER", "ARN", "EMAIL", "USER", "USERNAME",
    "EXPIRE", "EXPIRES", "EXPIRED", "EXPIRY", "EXPIRATION", "EXP", "LIFETIME", "LIFESPAN", "TTL", "AGE", "TIMEOUT",
    "DURATION", "INTERVAL", "MINUTES", "MINS", "SECONDS", "SECS", "HOURS", "DAYS", "LENGTH", "MIN", "MAX", "SIZE",
    "LIMIT", "COUNT", "ROUNDS", "ITERATIONS", "ATTEMPTS", "RETRIES", "ALGORITHM", "ALG", "HASHER", "HASHERS", "TYPE",
    "FORMAT", "PREFIX", "SUFFIX", "VERSION", "MODE", "POLICY", "REQUIRED", "ENABLED", "ENABLE", "DISABLED", "DISABLE",
    "ROTATION", "RESET", "CHECKS", "SORT", "PARTITION", "PRIMARY", "FOREIGN", "IDEMPOTENCY", "IDEMPOTENT", "PAGE",
    "NEXT", "CONTINUATION", "CURSOR", "THROUGH",
  ]
  /// How the secrets of well-known services begin. Source: their own documentation, as GitHub's secret scanning lists
  /// them (docs.github.com, supported secret scanning patterns, 2026).
  private static let beginnings = [
    "sk_live_", "sk_test_", "rk_live_", "whsec_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-",
    "SG.", "AKIA", "AIza", "npm_", "-----BEGIN",
  ]

  /// By the words of its name: `SMTP_PASS`, `apiKey`, but not `MONKEY`, `VAPID_PUBLIC_KEY` or `TOKEN_EXPIRE_MINUTES`.
  package static func isSecret(_ name: String) -> Bool {
    let words = words(of: name)
    if words.contains(where: harmless.contains) { return false }
    return words.contains { word in Self.words.contains(word) || endings.contains { word.hasSuffix($0) } }
  }

  /// By its name, or by what it is; a switch such as `true` is none.
  package static func isSecret(_ name: String, value: String) -> Bool {
    if ["true", "false", "yes", "no", "on", "off"].contains(value.lowercased()) { return false }
    return isSecret(name) || isSecret(value: value)
  }

  /// A URL with a password before its host, a signed token (RFC 7519), a key of a well-known service.
  package static func isSecret(value: String) -> Bool {
    hasPassword(value) || isSignedToken(value)
      || value.count >= 16 && !value.contains("PUBLIC KEY") && beginnings.contains { value.hasPrefix($0) }
  }

  /// Whether a request's header is its sender's credential.
  package static func isCredential(header name: String, value: String) -> Bool {
    let words = words(of: name)
    if words.contains(where: credentialWords.contains) || words.last == "AUTH" { return true }
    let schemes = ["bearer ", "basic ", "digest "]
    return isSecret(name) || isSecret(value: value) || schemes.contains { value.lowercased().hasPrefix($0) }
  }

  /// Whether a query's parameter is its sender's credential.
  package static func isCredential(parameter name: String, value: String) -> Bool {
    let words = words(of: name)
    guard !value.isEmpty, words != ["KEY"] else {
      // Anything may be called a key; those of services are long and mixed.
      return value.count >= 16 && value.contains(where: \.isNumber) && value.contains(where: \.isLetter)
    }
    return isSecret(name) || isSecret(value: value)
      || words.contains { ["JWT", "AUTH", "SIGNATURE", "SIG", "SESSIONID", "SID"].contains($0) }
  }

  private static let credentialWords: Set<String> = [
    "AUTHORIZATION", "AUTHENTICATION", "COOKIE", "SESSION", "SESSIONID", "SID", "JWT", "CSRF", "XSRF", "CSRFTOKEN",
  ]

  private static func words(of name: String) -> [String] {
    var words: [String] = [""]
    var wasLower = false
    for character in name {
      if character == "_" || character == "-" || character == "." {
        words.append("")
      } else {
        if character.isUppercase, wasLower { words.append("") }
        words[words.count - 1] += character.uppercased()
      }
      wasLower = character.isLowercase
    }
    return words.filter { !$0.isEmpty }
  }

  private static func isSignedToken(_ value: String) -> Bool {
    let parts = value.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0].hasPrefix("eyJ") && parts[0].count >= 10 && parts[1].hasPrefix("eyJ")
  }

  private static func hasPassword(_ value: String) -> Bool {
    guard let scheme = value.firstRange(of: "://") else { return false }
    let authority = value[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return false }
    return authority.index(after: colon) < at
  }
}
