"""Copies of status pages in a bucket of any service that speaks S3.

Requests name the bucket in the path, which Amazon, MinIO, Ceph, Garage, R2 and Wasabi all take.
Each file is one PUT, which replaces the object as a whole. There is no library behind it: signing
is thirty lines (`signature`), and requests leave through the guarded client.
"""

from evenfall.integrations.s3.place import Bucket
from evenfall.statuspages import ports

ports.register_place(Bucket())
