//! The example that loads a wholesaler's year, on a small file of its kind.

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value as Json, json};
use std::{fmt::Write as _, io::Write as _, path::Path, process::Command};

/// Two buyers, one without a number, goods, charges, an adjustment, returns that can be linked and such that cannot, lines twice, and
/// lines without a price.
const LINES: &str = "\
I1,A1,TEAPOT,10,2024-01-02 08:00:00,2.55,77.0,United Kingdom
I1,A1,TEAPOT,10,2024-01-02 08:00:00,2.55,77.0,United Kingdom
I1,B2b,CUP,3,2024-01-02 08:00:00,0.001,77.0,United Kingdom
I1,POST,POSTAGE,1,2024-01-02 08:00:00,18.0,77.0,United Kingdom
I2,B2B,CUP \"BLUE\",4,2024-01-03 08:00:00,1.25,,EIRE
I3,A1,,-7,2024-01-03 09:00:00,0.0,,EIRE
I4,A1,TEAPOT,2,2024-01-04 08:00:00,2.95,88.0,Atlantis
CI5,A1,TEAPOT,-12,2024-01-05 08:00:00,2.55,77.0,United Kingdom
CI6,A1,TEAPOT,-10,2024-01-05 09:00:00,2.10,77.0,United Kingdom
CI6,A1,TEAPOT,-10,2024-01-05 09:00:00,2.55,77.0,United Kingdom
CI7,D,Discount,-1,2024-01-06 08:00:00,27.5,88.0,Atlantis
I8,C3,,5,2024-01-06 09:00:00,0.0,88.0,Atlantis
AI9,B,Adjust bad debt,1,2024-01-07 08:00:00,100.06,,United Kingdom
AI10,B,Adjust bad debt,1,2024-01-07 08:00:00,-50.5,,United Kingdom
";

fn run(data: &Path, file: &Path) -> (String, Json) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/online-retail/run");
    let mut command = Command::new(script);
    command.arg("--data").arg(data).arg(file).env("GUANXI", env!("CARGO_BIN_EXE_guanxi"));
    command.env("RUST_LOG", "warn").env_remove("GUANXI_ADMIN_PASSWORD").env_remove("GUANXI_DATABASE");
    let output = command.output().expect("the example runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let last = said.lines().last().expect("a last line");
    (said.clone(), serde_json::from_str(last).expect("JSON"))
}

#[test]
fn a_wholesalers_file_becomes_orders_and_returns_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("retail.csv.gz");
    let mut text = String::from("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    write!(text, "{LINES}").expect("text");
    let mut packed = GzEncoder::new(std::fs::File::create(&file).expect("a file"), Compression::fast());
    packed.write_all(text.as_bytes()).expect("written");
    packed.finish().expect("packed");
    let data = folder.path().join("data");
    // 51.003 + 18 + 5 + 5.9 + 100.06 − 30.6 − 21 − 25.5 − 27.5 − 50.5
    let expected = json!({"lines": 14, "posted": 12, "explained": 2, "net_sales": "24.863"});
    let (said, result) = run(&data, &file);
    assert_eq!(result, expected, "{said}");
    // Twelve are more than any line had; ten come back at another price, and ten at theirs.
    assert!(said.contains("7 lines of orders, 5 of returns, 2 of them linked"), "{said}");
    let (said, result) = run(&data, &file);
    assert_eq!(result, expected, "{said}");
    assert!(said.contains("nothing new"), "{said}");
    let explained = std::fs::read_to_string(data.join("online-retail-explained.csv")).expect("a file");
    assert_eq!(explained.lines().count(), 3, "{explained}");
}
