import ArgumentParser
import Channels
import Cryptography
import Terminal
import Wording

struct VAPIDKeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vapid-keys",
    abstract: "Makes a key by which push services know this service, and prints it.",
    discussion: """
      The private key is VAPID_PRIVATE_KEY, the same on all instances and for good: browsers subscribe with the public key, \
      and a subscription is worth nothing with another.

        outgrown app vapid-keys >>.env
      """
  )

  @Flag(help: "Print one line of JSON.")
  var json = false

  func run() throws {
    let privateKey: String
    let publicKey: String
    do {
      let key = try P256PrivateKey()
      privateKey = Base64URL.encoded(try key.scalar)
      publicKey = Base64URL.encoded(key.publicKey.point)
    } catch {
      throw CommandFailure(.internal, "\(error)")
    }
    guard json else {
      print("# What browsers subscribe with (applicationServerKey): \(publicKey)\nVAPID_PRIVATE_KEY=\(privateKey)")
      return
    }
    var writer = JSONWriter(capacity: 256)
    writer.object { json in
      json.field("public_key", publicKey)
      json.field("private_key", privateKey)
    }
    print(String(decoding: writer.bytes, as: UTF8.self))
  }
}
