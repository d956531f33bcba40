/// Writes a deployment's load balancer as Terraform for Cloudflare's provider, version 5: same deployment, same bytes.
///
/// Source: registry.terraform.io, cloudflare/cloudflare 5.x, cloudflare_load_balancer, cloudflare_load_balancer_pool and
/// cloudflare_load_balancer_monitor; developers.cloudflare.com, load balancing, region steering; read 2026-11.
package enum CloudflareText {
  package static func make(_ deployment: Deployment, _ planSet: Deployment.PlanSet) -> String {
    let isFree = planSet.web == "free"
    let monitor =
      isFree
      ? """
      # Off: a monitor asks every service each minute from several places, which would keep the free services awake and
      # spend their 750 hours. Without it a service that is down is not taken out of the rotation.
      """
      : "# A service that doesn't answer \(deployment.service.healthCheck) is taken out of the rotation."
    let blocks =
      [
        """
        # Made by `outgrown provision blueprint --for cloudflare` (plan set \(planSet.name)): edit the deployment.
        # The name must be in a zone of yours at Cloudflare, with load balancing switched on: onrender.com is not yours.
        # Each origin is asked under its onrender.com name, so that Render needs no custom domain of it. Where Render gave
        # a service another name because its own was taken, say so in `hosts`.
        terraform {
          required_providers {
            cloudflare = {
              source  = "cloudflare/cloudflare"
              version = "~> 5.0"
            }
          }
        }

        variable "account_id" {
          type = string
        }

        variable "zone_id" {
          type = string
        }

        variable "hostname" {
          type        = string
          description = "What people open, such as schedule.example.org"
        }

        variable "hosts" {
          type = map(string)
          default = {
        \(hosts(deployment))
          }
        }

        \(monitor)
        variable "monitor" {
          type    = bool
          default = \(!isFree)
        }

        resource "cloudflare_load_balancer_monitor" "health" {
          count          = var.monitor ? 1 : 0
          account_id     = var.account_id
          description    = "\(deployment.name)"
          type           = "https"
          method         = "GET"
          path           = "\(deployment.service.healthCheck)"
          expected_codes = "200"
          interval       = 60
          timeout        = 5
          retries        = 2
        }
        """
      ] + deployment.regions.map { pool(deployment, $0) } + [balancer(deployment)]
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func hosts(_ deployment: Deployment) -> String {
    let width = deployment.regions.map(\.rawValue.count).max() ?? 0
    return deployment.regions.map { region in
      let name = region.rawValue + String(repeating: " ", count: width - region.rawValue.count)
      return "    \(name) = \"\(deployment.serviceName(in: region)).onrender.com\""
    }
    .joined(separator: "\n")
  }

  private static func pool(_ deployment: Deployment, _ region: RenderRegion) -> String {
    """
    resource "cloudflare_load_balancer_pool" "\(region.rawValue)" {
      account_id = var.account_id
      name       = "\(deployment.serviceName(in: region))"
      monitor    = var.monitor ? cloudflare_load_balancer_monitor.health[0].id : null
      origins = [{
        name    = "\(deployment.serviceName(in: region))"
        address = var.hosts["\(region.rawValue)"]
        enabled = true
        header = {
          host = [var.hosts["\(region.rawValue)"]]
        }
      }]
    }
    """
  }

  private static func balancer(_ deployment: Deployment) -> String {
    func pools(from place: Location) -> String {
      deployment.regions.sorted { $0.location.kilometres(to: place) < $1.location.kilometres(to: place) }
        .map { "cloudflare_load_balancer_pool.\($0.rawValue).id" }.joined(separator: ", ")
    }
    let steering = regions.map { "    \($0.code.padding) = [\(pools(from: $0.place))]" }.joined(separator: "\n")
    let home = "cloudflare_load_balancer_pool.\(deployment.home.rawValue).id"
    return """
      # By where the visitor is: the nearest region first, then the others.
      resource "cloudflare_load_balancer" "service" {
        zone_id         = var.zone_id
        name            = var.hostname
        proxied         = true
        steering_policy = "geo"
        default_pools   = [\(([deployment.home] + deployment.regions.filter { $0 != deployment.home })
          .map { "cloudflare_load_balancer_pool.\($0.rawValue).id" }.joined(separator: ", "))]
        fallback_pool   = \(home)
        region_pools = {
      \(steering)
        }
      }
      """
  }

  /// Cloudflare's regions, and a place in the middle of each: it ranks regions, no more.
  private static let regions: [(code: String, place: Location)] = [
    ("WNAM", Location(latitude: 40, longitude: -118)), ("ENAM", Location(latitude: 40, longitude: -78)),
    ("WEU", Location(latitude: 48, longitude: 2)), ("EEU", Location(latitude: 50, longitude: 25)),
    ("NSAM", Location(latitude: 5, longitude: -70)), ("SSAM", Location(latitude: -25, longitude: -55)),
    ("OC", Location(latitude: -28, longitude: 145)), ("ME", Location(latitude: 27, longitude: 47)),
    ("NAF", Location(latitude: 28, longitude: 10)), ("SAF", Location(latitude: -15, longitude: 25)),
    ("SAS", Location(latitude: 22, longitude: 78)), ("SEAS", Location(latitude: 5, longitude: 108)),
    ("NEAS", Location(latitude: 37, longitude: 125)),
  ]
}

extension String {
  fileprivate var padding: String { self + String(repeating: " ", count: max(0, 4 - count)) }
}
