import Foundation

/// A region of Render's, and where on Earth it is.
package enum RenderRegion: String, Sendable, CaseIterable {
  case oregon, ohio, virginia, frankfurt, singapore

  /// As people call the place.
  package var name: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

  /// Of the region's city or state's centre: it ranks regions, no more.
  package var location: Location {
    switch self {
    case .oregon: Location(latitude: 45.8, longitude: -119.7)
    case .ohio: Location(latitude: 40.0, longitude: -83.0)
    case .virginia: Location(latitude: 39.0, longitude: -77.5)
    case .frankfurt: Location(latitude: 50.1, longitude: 8.7)
    case .singapore: Location(latitude: 1.35, longitude: 103.8)
    }
  }
}

/// Degrees north and east.
package struct Location: Sendable, Equatable {
  package var latitude: Double
  package var longitude: Double

  /// Along the great circle, on a sphere of 6,371 km. Source: the haversine formula.
  package func kilometres(to other: Location) -> Double {
    func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
    let half = (
      latitude: sin(radians(other.latitude - latitude) / 2), longitude: sin(radians(other.longitude - longitude) / 2)
    )
    let chord =
      half.latitude * half.latitude
      + cos(radians(latitude)) * cos(radians(other.latitude)) * half.longitude * half.longitude
    return 2 * 6_371 * asin(min(1, chord.squareRoot()))
  }
}
