//! How much is held while a page is read. A target of its own: what is counted belongs to the whole process, so there is
//! one test.

use std::alloc::System;

use ocpi_types::{Object, decode, encode_unchecked, for_each_item, v221};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// PAG-12: a page of a thousand Locations is read item by item. Nothing of the size of the page is ever allocated beside it:
/// neither before the first item, nor between two of them, nor in all.
#[test]
fn a_page_streams_without_being_held_twice() {
    let item = include_str!("readme.json");
    let page: serde_json::Value = serde_json::from_str(item).expect("JSON");
    let mut location = page["data"][0].clone();
    location["name"] = "a name that needs an allocation of its own, with a \"quote\"".into();
    location["beyond"] = serde_json::json!({ "the": ["documents"] });
    let location = location.to_string();
    let most = 16 * 1024;
    let items = vec![location.as_str(); 1000].join(",");
    let body = format!(r#"{{"data":[{items}],"status_code":1000,"timestamp":"2024-06-29T20:39:09Z"}}"#);
    assert!(body.len() > 10 * most, "{} bytes are a page worth streaming", body.len());

    let region = Region::new(GLOBAL);
    let (mut count, mut allocated, mut largest_step, mut most_held) = (0, 0, 0, 0);
    let read = for_each_item::<v221::Location>(200, &body, |item| {
        let change = region.change();
        largest_step = largest_step.max(change.bytes_allocated - allocated);
        most_held = most_held.max(change.bytes_allocated - change.bytes_deallocated);
        assert!(item.is_ok());
        count += 1;
        drop(item);
        allocated = region.change().bytes_allocated;
    });
    let change = region.change();
    assert!(read.is_ok() && count == 1000);
    println!("{} bytes of page; at most {largest_step} allocated per item, {most_held} held", body.len());
    assert!(largest_step < most, "{largest_step} bytes for one item");
    assert!(most_held < most, "{most_held} bytes held at a time");
    assert!(change.bytes_allocated - allocated < most, "something large after the last item");

    let mut typed: v221::Location = decode(&location).expect("as above");
    typed.name = Some("nothing in it to escape".into());
    assert!(typed.validate().is_empty(), "{:?}", typed.validate());
    let region = Region::new(GLOBAL);
    assert!(typed.validate().is_empty());
    assert_eq!(region.change().allocations, 0, "what is right is found right without an allocation");
    let region = Region::new(GLOBAL);
    let text = encode_unchecked(&typed);
    assert_eq!(region.change().allocations, 1, "{text}");
}
