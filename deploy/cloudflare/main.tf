# Made by `outgrown provision blueprint --for cloudflare` (plan set free): edit the deployment.
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
    oregon    = "doctor-schedule-oregon.onrender.com"
    frankfurt = "doctor-schedule-frankfurt.onrender.com"
  }
}

# Off: a monitor asks every service each minute from several places, which would keep the free services awake and
# spend their 750 hours. Without it a service that is down is not taken out of the rotation.
variable "monitor" {
  type    = bool
  default = false
}

resource "cloudflare_load_balancer_monitor" "health" {
  count          = var.monitor ? 1 : 0
  account_id     = var.account_id
  description    = "doctor-schedule"
  type           = "https"
  method         = "GET"
  path           = "/health"
  expected_codes = "200"
  interval       = 60
  timeout        = 5
  retries        = 2
}

resource "cloudflare_load_balancer_pool" "oregon" {
  account_id = var.account_id
  name       = "doctor-schedule-oregon"
  monitor    = var.monitor ? cloudflare_load_balancer_monitor.health[0].id : null
  origins = [{
    name    = "doctor-schedule-oregon"
    address = var.hosts["oregon"]
    enabled = true
    header = {
      host = [var.hosts["oregon"]]
    }
  }]
}

resource "cloudflare_load_balancer_pool" "frankfurt" {
  account_id = var.account_id
  name       = "doctor-schedule-frankfurt"
  monitor    = var.monitor ? cloudflare_load_balancer_monitor.health[0].id : null
  origins = [{
    name    = "doctor-schedule-frankfurt"
    address = var.hosts["frankfurt"]
    enabled = true
    header = {
      host = [var.hosts["frankfurt"]]
    }
  }]
}

# By where the visitor is: the nearest region first, then the others.
resource "cloudflare_load_balancer" "service" {
  zone_id         = var.zone_id
  name            = var.hostname
  proxied         = true
  steering_policy = "geo"
  default_pools   = [cloudflare_load_balancer_pool.oregon.id, cloudflare_load_balancer_pool.frankfurt.id]
  fallback_pool   = cloudflare_load_balancer_pool.oregon.id
  region_pools = {
    WNAM = [cloudflare_load_balancer_pool.oregon.id, cloudflare_load_balancer_pool.frankfurt.id]
    ENAM = [cloudflare_load_balancer_pool.oregon.id, cloudflare_load_balancer_pool.frankfurt.id]
    WEU  = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
    EEU  = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
    NSAM = [cloudflare_load_balancer_pool.oregon.id, cloudflare_load_balancer_pool.frankfurt.id]
    SSAM = [cloudflare_load_balancer_pool.oregon.id, cloudflare_load_balancer_pool.frankfurt.id]
    OC   = [cloudflare_load_balancer_pool.oregon.id, cloudflare_load_balancer_pool.frankfurt.id]
    ME   = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
    NAF  = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
    SAF  = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
    SAS  = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
    SEAS = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
    NEAS = [cloudflare_load_balancer_pool.frankfurt.id, cloudflare_load_balancer_pool.oregon.id]
  }
}
