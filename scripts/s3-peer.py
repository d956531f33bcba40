"""An S3 that verifies signatures (moto), with a bucket and a user's keys: s3-peer.py FILE

Writes shell assignments of what a client needs to FILE, then serves until it is ended.
"""
import os
import sys
import time

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"
os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "setup"

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://127.0.0.1:{port}"
iam = boto3.client("iam", region_name="us-east-1", endpoint_url=endpoint)
iam.create_user(UserName="backup")
policy = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"""
iam.put_user_policy(UserName="backup", PolicyName="backup", PolicyDocument=policy)
key = iam.create_access_key(UserName="backup")["AccessKey"]
s3 = boto3.client("s3", region_name="us-east-1", endpoint_url=endpoint)
s3.create_bucket(Bucket="backups")
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"export AWS_ENDPOINT_URL={endpoint} AWS_REGION=us-east-1\n")
    file.write(f"export AWS_ACCESS_KEY_ID={key['AccessKeyId']} AWS_SECRET_ACCESS_KEY={key['SecretAccessKey']}\n")
os.rename(sys.argv[1] + ".new", sys.argv[1])
while True:
    time.sleep(3600)
