//! The commands on tariffs and bills.

use serde_json::{Value, json};

use crate::{Run, run};

const CDR: &str = include_str!("../../samples/cdr-city-2.2.1.json");
const TARIFF: &str = include_str!("../../samples/tariff-city-2.2.1.json");

/// Runs a command on the session of the samples.
fn session(command: &str, more: &[&str], cdr: &str) -> Run {
    let arguments = [
        &["tariff", command, "--cdr", "-", "--tariff", "samples/tariff-city-2.2.1.json"],
        &["--timezone", "Europe/Amsterdam"][..],
        more,
    ];
    run(&arguments.concat(), cdr)
}

/// The CDR of the samples, changed.
fn cdr(change: impl FnOnce(&mut Value)) -> String {
    let mut cdr = serde_json::from_str(CDR).expect("JSON");
    change(&mut cdr);
    cdr.to_string()
}

#[test]
fn a_bill_for_people() {
    let bill = session("price", &[], CDR);
    assert_eq!((bill.status, bill.err.as_str()), (0, ""));
    assert_eq!(
        bill.out,
        "Fee for starting a session: 0.50 EUR.\n\
         5.42 kWh of energy, at 0.29 EUR per kWh: 1.5718 EUR.\n\
         13.93 kWh of energy, billed as 13.98 kWh (steps of 100 Wh), at 0.39 EUR per kWh: 5.4522 EUR \
         (on Monday to Friday, between 17:00 and 21:00).\n\
         45 min of parking time without charging, at 6.00 EUR per hour: 4.50 EUR (after 2 h of the session).\n\
         VAT 21 % on 12.024 EUR: 2.525 EUR.\n\
         Total: 12.024 EUR before tax, 14.549 EUR including tax.\n\
         To pay: 14.55 EUR (12.02 EUR and 2.53 EUR of tax).\n",
    );
    assert!(session("price", &["--language", "de"], CDR).out.contains("zu 0,29 EUR pro kWh"));
}

#[test]
fn a_bill_in_json_has_amounts_as_texts() {
    let bill = session("price", &["--json"], CDR);
    assert_eq!(bill.status, 0);
    let [bill] = &bill.json()[..] else { panic!("one document") };
    assert_eq!(bill["currency"], "EUR");
    assert_eq!(bill["total"], json!({"excl_tax": "12.024", "incl_tax": "14.54904"}));
    let energy = json!({"quantity": "19.35", "billed": "19.4", "excl_tax": "7.024", "incl_tax": "8.49904"});
    assert_eq!(bill["energy"], energy);
    for group in ["time", "parking_time", "fixed", "reservation"] {
        assert!(bill[group]["billed"].is_string(), "{group}");
    }
    assert_eq!(bill["lines"].as_array().map(Vec::len), Some(4));
    assert_eq!(bill["diagnostics"], json!([]));
}

#[test]
fn without_a_time_zone_the_country_tells_it_and_that_is_said() {
    let arguments = ["tariff", "price", "--cdr", "-", "--tariff", "samples/tariff-city-2.2.1.json"];
    let bill = run(&arguments, CDR);
    assert_eq!(bill.status, 1);
    assert!(bill.err.contains("time zone was taken from the country (R18)"), "{}", bill.err);
    assert!(bill.out.contains("Total: 12.024 EUR"), "{}", bill.out);
}

#[test]
fn a_record_that_cannot_be_priced_is_a_finding_with_a_place() {
    let broken = cdr(|cdr| cdr["charging_periods"][1]["dimensions"][0]["volume"] = json!("many"));
    let bill = session("price", &["--json"], &broken);
    assert_eq!(bill.status, 1);
    let documents = bill.json();
    let errors: Vec<_> = documents[0]["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|found| found["severity"] == "error")
        .map(|found| found["pointer"].clone())
        .collect();
    assert_eq!(errors, ["/charging_periods/1/dimensions/0/volume"]);

    let without = run(&["tariff", "price", "--cdr", "-"], CDR);
    assert_eq!(without.status, 2);
    assert!(without.err.contains("give one with --tariff"), "{}", without.err);
    let missing = session("price", &["--policy", "generous"], CDR);
    assert_eq!(missing.status, 2);
    assert_eq!(run(&["tariff", "price", "--cdr", "samples/none.json"], "").status, 3);
}

#[test]
fn a_document_that_is_no_text_is_refused_not_repaired() {
    let at = CDR.find("CDR-1001").expect("an id");
    let mut bytes = CDR.as_bytes().to_vec();
    bytes[at] = 0xff;
    let arguments = ["tariff", "price", "--cdr", "-", "--tariff", "samples/tariff-city-2.2.1.json", "--json"];
    let bill = run(&arguments, &bytes);
    assert_eq!(bill.status, 1);
    let message = format!("value is not valid: not UTF-8 from byte {at} on");
    let expected = json!({"code": "ValueInvalid", "severity": "error", "pointer": "", "message": message});
    assert_eq!(bill.json()[0]["diagnostics"], json!([expected]));

    bytes.retain(|byte| *byte != b'\n');
    let bulk = run(&["tariff", "bulk", "--tariff", "samples/tariff-city-2.2.1.json"], &bytes);
    assert_eq!(bulk.status, 1);
    let found = &bulk.json()[0]["diagnostics"][0]["message"];
    assert!(found.as_str().is_some_and(|found| found.contains("not UTF-8 from byte")), "{found}");
}

#[test]
fn an_endless_line_spoils_nothing_but_itself() {
    let mut input = vec![b' '; 17 * 1024 * 1024];
    input.push(b'\n');
    input.extend(cdr(|_| {}).bytes());
    let arguments = ["tariff", "bulk", "--tariff", "samples/tariff-city-2.2.1.json", "--timezone", "Europe/Amsterdam"];
    let priced = run(&arguments, input);
    let lines = priced.json();
    assert_eq!((priced.status, lines.len()), (1, 2), "{}", priced.err);
    assert_eq!(lines[0]["diagnostics"][0]["code"], "ValueInvalid");
    assert_eq!(lines[1]["total"]["excl_tax"], "12.024");
}

#[test]
fn a_tariff_in_words_in_every_language() {
    for (tag, sentence) in [
        ("en", "Starting a session costs 0.50 EUR plus 21 % VAT."),
        ("de", "Der Beginn eines Ladevorgangs kostet 0,50 EUR zuzüglich 21 % VAT."),
        ("nl", "Het starten van een sessie kost 0,50 EUR plus 21 % VAT."),
        ("fr", "Le début d’une session coûte 0,50 EUR plus 21 % VAT."),
    ] {
        let told = run(&["tariff", "explain", "--language", tag], TARIFF);
        assert_eq!(told.status, 0);
        assert!(told.out.lines().any(|line| line == sentence), "{tag}: {}", told.out);
    }
    assert_eq!(run(&["tariff", "explain", "--language", "tlh"], TARIFF).status, 2);
}

#[test]
fn lint_points_into_the_document() {
    assert_eq!(run(&["tariff", "lint"], TARIFF).out, "0 findings\n");
    let mut tariff: Value = serde_json::from_str(TARIFF).expect("JSON");
    let first = tariff["elements"][1].clone();
    tariff["elements"].as_array_mut().expect("a list").push(first);
    let lint = run(&["tariff", "lint", "--json"], tariff.to_string());
    assert_eq!(lint.status, 1);
    let findings = &lint.json()[0]["findings"];
    assert_eq!(findings[0]["code"], "UnreachableElement");
    assert_eq!(findings[0]["pointer"], "/elements/3");
}

#[test]
fn verify_compares_claims() {
    let good = session("verify", &[], CDR);
    assert_eq!(good.status, 0, "{}{}", good.out, good.err);
    assert!(good.out.contains("total before tax: 12.02 EUR claimed, 12.024 EUR computed: equal\n"), "{}", good.out);

    let without_step = cdr(|cdr| cdr["total_cost"] = json!({"excl_vat": 12.0045}));
    let wrong = session("verify", &["--json"], &without_step);
    assert_eq!(wrong.status, 1);
    let [result] = &wrong.json()[..] else { panic!("one document") };
    assert_eq!(result["good"], false);
    assert_eq!(result["checks"][0]["outcome"], json!({"outcome": "different"}));
    assert_eq!(result["explained_by"], json!(["step.mode = ignore"]));
}

#[test]
fn compare_orders_tariffs() {
    let dear = TARIFF.replace("\"CITY-24\"", "\"DEAR\"").replace("0.29", "0.35").replace("0.39", "0.49");
    let folder = std::env::temp_dir().join(format!("chargewire-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("dear.json");
    std::fs::write(&path, dear).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let compared = session("compare", &["--tariff", path], CDR);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert_eq!(compared.status, 0, "{}", compared.err);
    let ids: Vec<_> = compared.out.lines().map(|line| line.split(':').next().expect("a name")).collect();
    assert_eq!(ids, ["CITY-24", "DEAR"]);
}

#[test]
fn convert_lists_what_is_lost() {
    let converted = run(&["tariff", "convert", "--to", "ocpp2.1"], TARIFF);
    assert_eq!(converted.status, 0);
    assert!(converted.out.contains("\"priceKwh\":0.39"), "{}", converted.out);
    assert!(converted.err.contains("lost: /elements/0/price_components/0/step_size"), "{}", converted.err);
    assert_eq!(run(&["tariff", "convert", "--to", "ocpp2.1", "--strict"], TARIFF).status, 1);

    let back = run(&["tariff", "convert", "--to", "ocpi2.2.1", "--owner", "NL-CWX", "--json"], &converted.out);
    assert_eq!(back.status, 0, "{}", back.err);
    assert_eq!(back.json()[0]["document"]["elements"][0]["price_components"][0]["price"], json!(0.39));
    assert_eq!(run(&["tariff", "convert", "--to", "ocpi2.2.1"], TARIFF).status, 2, "nobody owns it");
}

#[test]
fn bulk_keeps_the_order_and_goes_on_after_a_bad_line() {
    let line = cdr(|_| {});
    let twice = cdr(|cdr| cdr["charging_periods"][0]["dimensions"][0]["volume"] = json!(105.42));
    let input = format!("{line}\nbroken\n{twice}\n");
    let arguments = ["tariff", "bulk", "--tariff", "samples/tariff-city-2.2.1.json", "--timezone", "Europe/Amsterdam"];
    let priced = run(&arguments, input);
    assert_eq!(priced.status, 1);
    let lines = priced.json();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["line"], &lines[0]["total"]["excl_tax"]), (&json!(1), &json!("12.024")));
    assert_eq!(lines[1]["diagnostics"][0]["severity"], "error");
    assert_eq!((&lines[2]["line"], &lines[2]["total"]["excl_tax"]), (&json!(3), &json!("41.024")));
    assert_eq!(priced.err, "");
}

#[test]
fn a_page_stands_alone_and_escapes_what_it_shows() {
    let path = std::env::temp_dir().join(format!("chargewire-page-{}.html", std::process::id()));
    let evil = TARIFF.replace("CITY-24", "<script>alert(1)</script>");
    let tariff = path.with_extension("json");
    std::fs::write(&tariff, evil).expect("a file");
    let (page_path, tariff_path) = (path.to_str().expect("UTF-8"), tariff.to_str().expect("UTF-8"));
    let arguments = ["tariff", "price", "--cdr", "-", "--tariff", tariff_path, "--timezone", "Europe/Amsterdam"];
    let written = run(&[&arguments[..], &["--html", page_path]].concat(), CDR);
    let page = std::fs::read_to_string(&path).expect("a page");
    std::fs::remove_file(&path).expect("it goes");
    std::fs::remove_file(&tariff).expect("it goes");
    assert_eq!(written.status, 0, "{}", written.err);
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(!page.contains("<script"), "nothing runs in it");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for address in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!page.contains(address), "{address}: it needs nothing from elsewhere");
    }
    assert_eq!(page.matches("<svg").count(), 2);
    assert_eq!(page.matches("</svg>").count(), 2);
    for open in ["section", "table", "ul", "li", "p", "header", "details"] {
        let (opened, closed) = (format!("<{open}"), format!("</{open}>"));
        let starts = page.matches(&format!("{opened}>")).count() + page.matches(&format!("{opened} ")).count();
        assert_eq!(starts, page.matches(&closed).count(), "{open}");
    }
}
