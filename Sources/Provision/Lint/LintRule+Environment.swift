import Documents
import Plans
import ProvisionBlueprint
import Secrets

extension LintRule {
  /// Environment variables.
  static let environmentRules: [LintRule] = [
    LintRule("variable-shape", .error, "a variable has a key and one source of its value: a text or a number") {
      outline, _ in
      outline.services.flatMap { $0.items("envVars").compactMap { VariableShape.breach($0, isShared: false) } }
        + outline.groups.flatMap { $0.items("envVars").compactMap { VariableShape.breach($0, isShared: true) } }
    },
    LintRule("variable-without-value", .warning, "a variable says where its value comes from") { outline, _ in
      (outline.services + outline.groups).flatMap { owner in
        owner.items("envVars").compactMap { variable -> Breach? in
          guard let key = variable.text("key"), !VariableShape.sources.contains(where: { variable.entry($0) != nil })
          else { return nil }
          return Breach(
            "the variable \(key.text.excerpt) has no value", "add value:, or sync: false to be asked for it",
            at: key.position)
        }
      }
    },
    LintRule("secret-in-plain", .error, "a secret's value is not in the file") { outline, _ in
      (outline.services + outline.groups).flatMap { owner in
        owner.items("envVars").compactMap { variable -> Breach? in
          guard let key = variable.text("key"), let value = variable.text("value"), !value.text.isEmpty,
            SecretNames.isSecret(key.text, value: value.text), !Placeholder.isPlaceholder(value.text)
          else { return nil }
          return Breach(
            "the value of \(key.text.excerpt) in plain",
            "write sync: false or generateValue: true, and change the secret: this one is in the repository's history",
            at: value.position)
        }
      }
    },
    LintRule("placeholder-value", .warning, "a value that is to be filled in is asked for") { outline, _ in
      (outline.services + outline.groups).flatMap { owner in
        owner.items("envVars").compactMap { variable -> Breach? in
          guard let key = variable.text("key"), let value = variable.text("value"),
            SecretNames.isSecret(key.text, value: value.text), Placeholder.isPlaceholder(value.text)
          else { return nil }
          return Breach(
            "what stands for the value of \(key.text.excerpt) is given to the service as it is",
            "write sync: false, and enter the secret in the dashboard", at: value.position)
        }
      }
    },
    LintRule("sqlite-without-disk", .warning, "an SQLite database lies on a disk that stays") { outline, catalogue in
      outline.services.flatMap { service in
        service.items("envVars").compactMap { variable -> Breach? in
          guard variable.text("key")?.text == "DATABASE_URL", let value = variable.text("value"),
            value.text.lowercased().hasPrefix("sqlite:")
          else { return nil }
          let remedy =
            "add a disk and keep the file below its mountPath (a paid plan: starter\(price(of: "starter", catalogue))), "
            + "or use PostgreSQL"
          guard let disk = service.item("disk"), let mount = disk.text("mountPath")?.text else {
            return Breach(
              "SQLite on the passing file system of \(service.name): its data is gone at every deploy, restart and "
                + "spin-down", remedy, at: value.position)
          }
          let path = value.text.dropFirst("sqlite:".count)
          let folder = mount.hasSuffix("/") ? mount : mount + "/"
          guard !path.contains(folder) else { return nil }
          return Breach(
            "the SQLite file of \(service.name) is not on its disk: its data is gone at every deploy and restart",
            "keep the file below \(mount.excerpt), such as sqlite:\(folder)app.sqlite", at: value.position)
        }
      }
    },
  ]
}

/// What people write where a secret is to come.
enum Placeholder {
  static func isPlaceholder(_ value: String) -> Bool {
    let text = value.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
    guard text.utf8.count <= 200 else { return false }
    if text.first == "<" && text.last == ">" || text.hasPrefix("${") && text.last == "}" { return true }
    if text.allSatisfy({ "x*.".contains($0) }) { return true }
    return beginnings.contains { text.hasPrefix($0) } || words.contains { text.contains($0) }
  }

  private static let beginnings = [
    "your_", "my_", "set_", "add_", "enter_", "insert_", "put_", "configure_", "todo", "tbd", "fill_",
  ]
  private static let words = ["change_me", "changeme", "change_this", "replace_", "placeholder", "_here"]
}
