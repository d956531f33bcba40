"""journey.yaml for Locust, by its faster client."""
import random

from locust import FastHttpUser, task


class Shopper(FastHttpUser):
    """One user of the journey."""

    @task
    def shop(self):
        """A token, a page, one of its items."""
        with self.client.post(
            "/login", json={"user": f"user-{random.randint(1, 1000)}", "password": "secret"}, catch_response=True
        ) as answer:
            token = answer.json().get("token") if answer.status_code == 200 else None
            if not token:
                answer.failure("no token")
                return
        headers = {"Authorization": f"Bearer {token}"}
        with self.client.get(
            f"/items?page={random.randint(1, 50)}", headers=headers, name="/items", catch_response=True
        ) as answer:
            items = answer.json()
            if answer.status_code != 200 or not items["count"] > 0 or "name" not in items["data"][1]:
                answer.failure("no items")
                return
        with self.client.get(
            f"/item/{items['data'][0]['id']}", headers=headers, name="/item", catch_response=True
        ) as answer:
            if answer.status_code != 200 or answer.json()["name"] != "Two":
                answer.failure("no item")
