// journey.yaml for k6.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.TARGET;
const random = (least, most) => least + Math.floor(Math.random() * (most - least + 1));

export const options = { vus: 100, duration: __ENV.LENGTH };

export default function () {
  const login = http.post(`${base}/login`, JSON.stringify({ user: `user-${random(1, 1000)}`, password: 'secret' }), {
    headers: { 'Content-Type': 'application/json' },
  });
  const token = login.json('token');
  if (!check(login, { 'status is 200': (answer) => answer.status === 200 }) || !token) return;
  const headers = { Authorization: `Bearer ${token}` };
  const items = http.get(`${base}/items?page=${random(1, 50)}`, { headers, tags: { name: 'items' } });
  const id = items.json('data.0.id');
  check(items, {
    'status is 200': (answer) => answer.status === 200,
    'count > 0': (answer) => answer.json('count') > 0,
    'a name': (answer) => answer.json('data.1.name') !== undefined,
  });
  const item = http.get(`${base}/item/${id}`, { headers, tags: { name: 'item' } });
  check(item, {
    'status is 200': (answer) => answer.status === 200,
    'name is Two': (answer) => answer.json('name') === 'Two',
  });
}
