//! A directory of a test's own: OpenLDAP's server on loopback ports, with everything in a temporary folder. It ends with the test.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::{Value as Json, json};
use std::{
    fmt::Write as _,
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

const BASE: &str = "dc=example,dc=com";
/// The password of the account that searches.
pub(crate) const READER: &str = "what the reader knows";
/// Everybody's password in the directory.
pub(crate) const DIRECTORY: &str = "the directory's 密码";

pub(crate) struct Slapd {
    folder: tempfile::TempDir,
    program: PathBuf,
    ports: (u16, u16),
    /// The certificate of the authority that signed the server's.
    pub ca: String,
    running: Option<Child>,
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// An authority, and a certificate of its own for this machine.
pub(crate) fn certificates(folder: &Path) -> String {
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let ca = pem("CERTIFICATE", authority.self_signed(&key).expect("signed").der());
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("parameters");
    let server = server.signed_by(&key, &issuer).expect("signed");
    fs::write(folder.join("server.pem"), pem("CERTIFICATE", server.der())).expect("written");
    fs::write(folder.join("server.key"), pem("PRIVATE KEY", &key.serialize_der())).expect("written");
    ca
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

fn ldif() -> String {
    let mut out = format!("dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n");
    for unit in ["people", "former"] {
        let _ = writeln!(out, "dn: ou={unit},{BASE}\nobjectClass: organizationalUnit\nou: {unit}\n");
    }
    let secret = STANDARD.encode(READER);
    let _ = writeln!(
        out,
        "dn: cn=reader,{BASE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword:: {secret}\n"
    );
    let password = STANDARD.encode(DIRECTORY);
    let people = [
        ("people", "zhang", "张三"),
        ("people", "li", "李四"),
        ("people", "wang", "王五"),
        ("people", "twin", "甲"),
        ("former", "twin", "乙"),
    ];
    for (unit, login, name) in people {
        let name = STANDARD.encode(name);
        let _ = writeln!(
            out,
            "dn: uid={login},ou={unit},{BASE}\nobjectClass: inetOrgPerson\nuid: {login}\ncn:: {name}\nsn:: {name}\nmail: {login}@example.com\nuserPassword:: {password}\n"
        );
    }
    out
}

impl Slapd {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let ca = certificates(path);
        // A copy of it: where AppArmor confines the installed one, it may not write here.
        let program = path.join("slapd");
        let installed = ["/usr/sbin/slapd", "/usr/libexec/slapd"];
        let installed =
            installed.iter().find(|path| Path::new(path).exists()).expect("slapd: run scripts/install-tools");
        fs::copy(installed, &program).expect("copied");
        fs::create_dir(path.join("data")).expect("a folder");
        let at = |name: &str| path.join(name).display().to_string();
        let schemas: String = ["core", "cosine", "inetorgperson"]
            .map(|name| format!("include /etc/ldap/schema/{name}.schema\n"))
            .concat();
        // Passwords are for proving, and nobody in particular reads nothing.
        let settings = format!(
            "{schemas}pidfile {}\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\nTLSCertificateFile {}\nTLSCertificateKeyFile {}\n\
             database mdb\nsuffix \"{BASE}\"\nmaxsize 16777216\ndirectory {}\nindex uid eq\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to * by dn.exact=\"cn=reader,{BASE}\" read by anonymous auth by * none\n",
            at("slapd.pid"),
            at("server.pem"),
            at("server.key"),
            at("data"),
        );
        fs::write(path.join("slapd.conf"), settings).expect("written");
        fs::write(path.join("people.ldif"), ldif()).expect("written");
        let filled = Command::new(&program)
            .args(["-T", "add", "-f", &at("slapd.conf"), "-l", &at("people.ldif")])
            .output()
            .expect("slapd runs");
        assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
        let mut slapd = Self { folder, program, ports: (0, 0), ca, running: None };
        // Somebody else may take a port between finding and using it.
        for _ in 0..5 {
            slapd.ports = (free_port(), free_port());
            if slapd.run() {
                return slapd;
            }
        }
        panic!("slapd does not start");
    }

    /// Starts it where it was; false when it ends at once.
    pub fn run(&mut self) -> bool {
        let log = fs::File::create(self.folder.path().join("log")).expect("a log");
        let (clear, tls) = self.ports;
        let mut child = Command::new(&self.program)
            .args(["-d", "0", "-f"])
            .arg(self.folder.path().join("slapd.conf"))
            .args(["-h", &format!("ldap://127.0.0.1:{clear}/ ldaps://127.0.0.1:{tls}/")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("slapd runs");
        let is_there =
            |port| TcpStream::connect_timeout(&([127, 0, 0, 1], port).into(), Duration::from_secs(1)).is_ok();
        while !(is_there(clear) && is_there(tls)) {
            if child.try_wait().expect("known").is_some() {
                return false;
            }
            std::thread::yield_now();
        }
        self.running = Some(child);
        true
    }

    /// Ends it. Its ports stay its own until it is run again.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            child.kill().expect("ended");
            child.wait().expect("ended");
        }
    }

    pub fn address(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.ports.0)
    }

    pub fn tls_address(&self) -> String {
        format!("ldaps://localhost:{}", self.ports.1)
    }

    /// Settings that use it.
    pub fn settings(&self, more: Json) -> Json {
        let mut out = json!({
            "enabled": true, "address": self.address(), "bind_dn": format!("cn=reader,{BASE}"), "bind_password": READER,
            "base_dn": BASE,
        });
        for (name, value) in more.as_object().expect("settings") {
            out[name] = value.clone();
        }
        out
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        self.stop();
    }
}
