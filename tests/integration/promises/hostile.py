"""Servers on loopback that do not behave: each answers as its test says, and remembers every byte it was sent."""
import datetime
import ipaddress
import os
import socket
import ssl
import threading
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


class Authority:
    """Certificates of one's own, good and bad, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's authority")])
        now = datetime.datetime.utcnow()
        self.certificate = (x509.CertificateBuilder().subject_name(self.name).issuer_name(self.name).public_key(self.key.public_key())
                            .serial_number(x509.random_serial_number()).not_valid_before(now - 30 * DAY).not_valid_after(now + 30 * DAY)
                            .add_extension(x509.BasicConstraints(True, None), True).sign(self.key, hashes.SHA256()))
        self.file = os.path.join(folder, "authority.pem")
        self.write(self.file, self.certificate)

    @staticmethod
    def write(path, certificate, key=None):
        with open(path, "wb") as target:
            if key:
                target.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
            target.write(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, kind):
        """The file of a server's certificate and key: good, expired, early, wronghost or selfsigned."""
        path = os.path.join(self.folder, kind + ".pem")
        if os.path.exists(path):
            return path
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.utcnow()
        begins, ends = {"expired": (-9 * DAY, -DAY), "early": (DAY, 9 * DAY)}.get(kind, (-DAY, 9 * DAY))
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, kind)])
        names = [x509.DNSName("elsewhere.example")] if kind == "wronghost" else [
            x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        made = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject if kind == "selfsigned" else self.name)
                .public_key(key.public_key()).serial_number(x509.random_serial_number()).not_valid_before(now + begins).not_valid_after(now + ends)
                .add_extension(x509.SubjectAlternativeName(names), False)
                .sign(key if kind == "selfsigned" else self.key, hashes.SHA256()))
        self.write(path, made, key)
        return path


class Asked:
    """One request, as it came."""

    def __init__(self, head, body):
        self.raw = head + b"\r\n\r\n" + body
        self.verb, self.target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        self.path = self.target.partition("?")[0]
        self.query = dict(urllib.parse.parse_qsl(self.target.partition("?")[2]))
        self.headers = {name.strip().lower(): value.strip() for name, _, value in
                        (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])}
        self.body = body


def reply(status=200, body=b"", headers=(), reason=b"Said"):
    lines = [b"HTTP/1.1 %d %s" % (status, reason), *headers]
    if not any(line.lower().startswith((b"content-length", b"transfer-encoding")) for line in lines):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Server:
    """answer(asked, connection) gives the bytes of an answer, or None when it has dealt with the connection itself."""

    def __init__(self, answer, certificate=None):
        self.answer = answer
        self.asked = []     # requests that were understood
        self.bytes = b""    # all that came, after TLS
        self.connections = 0
        self.open = set()
        self.lock = threading.Lock()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"{'https' if certificate else 'http'}://localhost:{self.port}"
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.socket.close()
        for one in list(self.open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with self.lock:
            self.connections += 1
        self.open.add(connection)
        try:
            if self.context:
                self.open.discard(connection)
                connection = self.context.wrap_socket(connection, server_side=True)
                self.open.add(connection)
            while (asked := self.read(connection)) is not None:
                with self.lock:
                    self.asked.append(asked)
                answer = self.answer(asked, connection)
                if answer is None:
                    return
                connection.sendall(answer)
                if b"\r\nConnection: close" in answer.partition(b"\r\n\r\n")[0]:
                    return
        except (OSError, ValueError):
            pass
        finally:
            self.open.discard(connection)
            connection.close()

    def read(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return None
            self.remember(piece)
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        asked = Asked(head, b"")
        while len(body) < int(asked.headers.get("content-length", 0)):
            piece = connection.recv(65536)
            if not piece:
                return None
            self.remember(piece)
            body += piece
        return Asked(head, body)

    def remember(self, piece):
        with self.lock:
            self.bytes += piece
