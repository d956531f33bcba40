import Cryptography
import Curl
import Foundation

/// An account of Google's by which a service speaks for a project, as its console hands it out.
/// Source: Google, "Create and delete service account keys" (2026-11).
package struct ServiceAccount: Sendable {
  package let project: String
  /// The account's own address.
  let address: String
  let key: RSAPrivateKey
  let keyIdentifier: String?
  /// Where an assertion is exchanged for a token.
  let tokenURL: String

  private static let standardTokenURL = "https://oauth2.googleapis.com/token"

  package struct Refusal: Error, Sendable, CustomStringConvertible {
    package var description: String
  }

  private struct Document: Decodable {
    var type: String?
    var project_id: String?
    var private_key_id: String?
    var private_key: String?
    var client_email: String?
    var token_uri: String?
  }

  /// - Parameter json: the file's content.
  /// - Throws: `Refusal`, which says which key was expected to hold what, and repeats nothing of it.
  package init(json: String) throws(Refusal) {
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(json.utf8)) else {
      throw Refusal(description: "a service account's key was expected, the JSON file that Google's console hands out")
    }
    guard document.type == "service_account" else {
      throw Refusal(description: "type: service_account was expected; other credentials can't sign")
    }
    guard let project = document.project_id, Self.isProject(project) else {
      throw Refusal(description: "project_id: letters, digits, -, . and : were expected")
    }
    guard let address = document.client_email, MailAddress.isSafe(address) else {
      throw Refusal(description: "client_email: the account's address was expected")
    }
    let key: RSAPrivateKey
    do throws(CryptographyError) {
      key = try RSAPrivateKey(pem: document.private_key ?? "")
    } catch {
      throw Refusal(description: "private_key: \(error)")
    }
    let tokenURL = document.token_uri ?? Self.standardTokenURL
    guard Self.isBase(tokenURL) else {
      throw Refusal(description: "token_uri: an https:// URL was expected, such as \(Self.standardTokenURL)")
    }
    self.project = project
    self.address = address
    self.key = key
    keyIdentifier = document.private_key_id
    self.tokenURL = tokenURL
  }

  /// An https URL, or an http one of this machine, with nothing behind its path.
  package static func isBase(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let url = CurlURL(text), !url.host.isEmpty else {
      return false
    }
    return (url.scheme == "https" || (url.scheme == "http" && url.isLoopback)) && url.user == nil && url.query == nil
      && url.fragment == nil
  }

  private static func isProject(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", ":": true
        default: false
        }
      }
  }
}
