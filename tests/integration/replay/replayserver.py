"""A cloud that answers as it is told: one HTTPS server on loopback that is Entra ID, Graph and Resource Manager at once, and the cloud file
that leads to it."""
import http.server
import json
import os
import ssl
import subprocess
import tempfile
import threading

# What belongs to the way and not to the answer.
PASSING = {"content-length", "transfer-encoding", "connection", "content-encoding", "keep-alive", "date", "server", "set-cookie"}


class ReplayServer:
    """answer(verb, path with query, headers, body) gives (status, headers, body) or None; what nobody answers is a 599."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.answer = None
        self.asked = []
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", self.path("key.pem"),
                        "-out", self.path("ca.pem"), "-days", "2", "-subj", "/CN=replay", "-addext", "subjectAltName=DNS:localhost"],
                       check=True, stderr=subprocess.DEVNULL)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                outer.asked.append((self.command, self.path))
                status, headers, text = outer.answer(self.command, self.path, self.headers, body) or (599, {}, "")
                content = text.encode()
                self.send_response_only(status)
                for name, value in headers.items():
                    if name.lower() not in PASSING:
                        self.send_header(name, value.replace("\r", " ").replace("\n", " "))
                self.send_header("Content-Length", "0" if status == 204 else str(len(content)))
                self.end_headers()
                if status != 204:
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

            def log_message(self, *unused):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.path("ca.pem"), self.path("key.pem"))
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_address[1]}"
        self.cloud = self.path("cloud.json")
        with open(self.cloud, "w", encoding="utf-8") as target:
            json.dump({"name": "Replay", "authorityHost": self.url, "graph": self.url, "resourceManager": self.url, "storageSuffix": "localhost",
                       "caCertificates": "ca.pem"}, target)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        self.folder.cleanup()
