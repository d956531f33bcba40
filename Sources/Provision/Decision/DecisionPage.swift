package import Evidence
import Statistics
import Wording

/// The decision as one page without anything from outside: light and dark, readable on a phone, printable.
package enum DecisionPage {
  package static func render(_ decision: Decision) -> String {
    let title = "\(decision.verdict.rawValue) \(decision.headline)"
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(escaped(title))</title>
      <style>\(style)</style></head><body><main>
      \(header(decision))
      \(steps(decision))
      \(bars(decision))
      \(missing(decision))
      \(list("What would change the answer", decision.flips.map { "<b>\(escaped($0.to))</b> \(escaped($0.when))" }))
      \(signs(decision))
      \(list("What it does not fix", decision.notFixed.map(escaped)))
      \(table("Figures", ["", "now", "then", "limit", "basis"], DecisionRows.figures(decision)))
      \(table("Weighed", ["candidate", "price", "with affected visits", "affected", ""], DecisionRows.considered(decision)))
      \(list("Assumed", decision.assumptions.map(escaped)))
      <footer>outgrown \(escaped(decision.outgrown.version)) · \(escaped(decision.decidedAt.description)) · prices of \
      \(escaped(decision.catalogue))\(decision.sources.isEmpty ? "" : " · from " + escaped(decision.sources.joined(separator: ", ")))</footer>
      </main></body></html>

      """
  }

  private static func header(_ decision: Decision) -> String {
    let tone =
      switch decision.verdict {
      case .stay: "good"
      case .upgrade, .downgrade: "act"
      case .inconclusive: "open"
      }
    let price =
      decision.verdict == .inconclusive
      ? ""
      : decision.candidate.map {
        "<span class=price>\(escaped(DecisionText.price($0.monthlyCost)))<small>/month</small></span>"
      } ?? ""
    let service = decision.service.map { "<p class=service>\(escaped($0))</p>" } ?? ""
    let reasons = decision.reasons.prefix(3).map { "<li>\(escaped($0))</li>" }.joined()
    let alert = decision.alert.map { "<p class=alert>\(escaped($0))</p>" } ?? ""
    return "\(alert)<header class=\(tone)>\(service)<h1><span class=verdict>\(decision.verdict.rawValue)</span> "
      + "\(escaped(decision.headline))</h1>\(price)<ul>\(reasons)</ul></header>"
  }

  /// The affected share now and then as intervals on one scale, with the limit.
  private static func bars(_ decision: Decision) -> String {
    guard let figure = decision.figures.first(where: { $0.name == .affectedShare }), let now = figure.now else {
      return ""
    }
    let most = max(now.upper, figure.then?.upper ?? 0, (figure.limit ?? 0) * 1.5, 0.01)
    let rows = [("now", now), ("then", figure.then)].compactMap { label, estimate -> String? in
      guard let estimate else { return nil }
      let left = estimate.lower / most * 100
      let width = max(0.8, (estimate.upper - estimate.lower) / most * 100)
      let text = escaped(Figure.percent(estimate.value, estimate.lower, estimate.upper))
      return "<div class=row><span>\(label)</span><div class=scale>"
        + "<i class=interval style=\"left:\(two(left))%;width:\(two(width))%\"></i>"
        + "<i class=dot style=\"left:\(two(estimate.value / most * 100))%\"></i>"
        + (figure.limit.map { "<i class=limit style=\"left:\(two($0 / most * 100))%\"></i>" } ?? "")
        + "</div><span>\(text)</span></div>"
    }
    let limit = figure.limit.map { " The line is the limit of \(escaped(Figure.percent($0)))." } ?? ""
    return "<section><h2>Visits that meet a sleeping or waking service</h2>\(rows.joined())"
      + "<p class=note>\(escaped(figure.basis)).\(limit)</p></section>"
  }

  private static func two(_ value: Double) -> String { NumberText.fixed(min(100, max(0, value)), 2) }

  private static func missing(_ decision: Decision) -> String {
    guard !decision.missing.isEmpty else { return "" }
    let items = decision.missing.map {
      "<li><b>\(escaped($0.what))</b>: \(escaped($0.why))<pre>\(escaped($0.command))</pre></li>"
    }
    return "<section><h2>What would settle it</h2><ol>\(items.joined())</ol></section>"
  }

  private static func signs(_ decision: Decision) -> String {
    let rows = decision.signs.map { sign in
      "<div class=\"sign \(sign.state.rawValue)\"><b>\(DecisionText.name(sign.id))</b>"
        + "<span class=state>\(DecisionText.name(sign.state))</span><p>\(escaped(sign.finding))</p>"
        + "<p class=note>shows when \(escaped(sign.threshold))\(sign.source.map { " · \(escaped($0))" } ?? "")</p></div>"
    }
    return "<section><h2>Signs of an outgrown plan</h2>\(rows.joined())</section>"
  }

  private static func list(_ title: String, _ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    return "<section><h2>\(title)</h2><ul>\(items.map { "<li>\($0)</li>" }.joined())</ul></section>"
  }

  private static func table(_ title: String, _ heads: [String], _ rows: [[String]]) -> String {
    let head = heads.map { "<th>\(escaped($0))</th>" }.joined()
    let body = rows.map { row in
      // On a phone each cell stands in a line of its own, after its column's name.
      "<tr>\(zip(heads, row).map { "<td data-of=\"\(escaped($0))\">\(escaped($1))</td>" }.joined())</tr>"
    }.joined()
    return
      "<section><h2>\(title)</h2><div class=wide><table><thead><tr>\(head)</tr></thead><tbody>\(body)</tbody></table>"
      + "</div></section>"
  }

  private static func steps(_ decision: Decision) -> String {
    let items = decision.nextSteps.map { step in
      let text = step.text.map { text in
        step.kind == .tell && text.hasPrefix("https://")
          ? " <a href=\"\(escaped(text))\">\(escaped(text))</a>" : "<pre>\(escaped(text))</pre>"
      }
      let note = step.note.map { "<p class=note>\(escaped($0))</p>" }
      return "<li>\(step.kind == .or ? "<i>or</i> " : "")\(escaped(step.what))\(text ?? "")\(note ?? "")</li>"
    }
    return "<section><h2>What to do now</h2><ol>\(items.joined())</ol></section>"
  }

  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
  }

  private static let style = """
    :root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6570;--line:#d9dee3;--paper:#fff;--card:#f6f8fa;--good:#116329;\
    --act:#9a3412;--open:#7a5b00;--accent:#0969da}
    @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa5b1;--line:#30363d;--paper:#0d1117;--card:#161b22;\
    --good:#56d364;--act:#ffa657;--open:#e3b341;--accent:#58a6ff}}
    *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    main{max-width:56rem;margin:0 auto;padding:1rem}header{border-left:.4rem solid;padding:.25rem 0 .25rem 1rem;margin:1rem 0}
    header.good{border-color:var(--good)}header.act{border-color:var(--act)}header.open{border-color:var(--open)}
    h1{font-size:1.5rem;line-height:1.25;margin:.2rem 0;overflow-wrap:anywhere}
    .good .verdict{color:var(--good)}.act .verdict{color:var(--act)}.open .verdict{color:var(--open)}
    .price{font-size:1.9rem;font-weight:700}.price small{font-size:1rem;font-weight:400;color:var(--soft)}
    .service,.note,footer{color:var(--soft);font-size:.875rem;margin:.2rem 0;overflow-wrap:anywhere}
    h2{font-size:1.05rem;margin:1.8rem 0 .5rem}ul,ol{padding-left:1.2rem;margin:.4rem 0}li{margin:.25rem 0}
    .row{display:grid;grid-template-columns:3rem 1fr 9rem;gap:.6rem;align-items:center;margin:.3rem 0}
    .scale{position:relative;height:1.1rem;background:var(--card);border:1px solid var(--line);border-radius:.3rem}
    .scale i{position:absolute;top:0;bottom:0}.interval{background:var(--accent);opacity:.4;border-radius:.2rem}
    .dot{width:3px;margin-left:-1px;background:var(--accent)}.limit{width:2px;background:var(--act)}
    .sign{border:1px solid var(--line);border-radius:.4rem;padding:.5rem .8rem;margin:.4rem 0;background:var(--card)}
    .sign p{margin:.15rem 0}.state{float:right;font-size:.8rem;border:1px solid;border-radius:1rem;padding:0 .6rem}
    .shows .state{color:var(--act)}.clear .state{color:var(--good)}.sign.open .state{color:var(--open)}.not_told .state{color:var(--soft)}
    .wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.875rem}
    th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}
    pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.6rem;overflow-x:auto;font-size:.85rem}
    footer{margin:2rem 0 1rem}.alert{border:2px solid var(--act);border-radius:.4rem;padding:.5rem .8rem;font-weight:600;overflow-wrap:anywhere}\
    a{color:var(--accent);overflow-wrap:anywhere}
    @media(max-width:40rem){.row{grid-template-columns:2.6rem 1fr}.row span:last-child{grid-column:2}\
    pre{white-space:pre-wrap;overflow-wrap:anywhere}thead{display:none}table,tbody,tr,td{display:block}\
    tr{border-bottom:1px solid var(--line);padding:.4rem 0}td{border:0;padding:.1rem 0;overflow-wrap:anywhere}\
    td:first-child{font-weight:600}td:not(:first-child):not([data-of=""])::before{content:attr(data-of) ": ";color:var(--soft)}}
    """
}
