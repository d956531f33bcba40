package import Hummingbird

extension Request {
  /// What may be somebody's secret in a path: as long as a device's number or a link's token.
  private static let secretLength = 16

  /// The path as logs and others may have it, without what may be somebody's secret.
  package var shownPath: String {
    let segments = uri.path.split(separator: "/", omittingEmptySubsequences: false)
    guard segments.dropFirst(2).contains(where: { $0.utf8.count >= Self.secretLength }) else { return uri.path }
    return segments.enumerated().map { place, segment in
      place >= 2 && segment.utf8.count >= Self.secretLength ? "…" : segment
    }.joined(separator: "/")
  }
}
