//! What a CSMS needs around its commands: rules CS-09, CS-24, CS-26, CS-27.

use chrono::{DateTime, TimeDelta};
use ocpp_server::{ClockSkew, ListUpdate, Page, PagePlace, ReportLimits, Reports, batches, local_list};

use crate::at;

const KEY: (&str, i64) = ("NotifyReport", 7);

fn reports() -> Reports<(&'static str, i64), u32> {
    let mut reports = Reports::new(ReportLimits::default());
    assert!(reports.expect(at(0), KEY));
    reports
}

#[test]
fn cs_24_a_report_is_complete_when_all_pages_are_there_in_any_order() {
    let mut reports = reports();
    assert_eq!(reports.page(at(1), &KEY, 0, PagePlace::Inner, vec![1, 2]), Page::More);
    assert_eq!(reports.page(at(2), &KEY, 2, Some(false).into(), vec![5]), Page::More);
    assert_eq!(reports.page(at(2), &KEY, 0, PagePlace::Inner, vec![1, 2]), Page::Repeated);
    assert_eq!(reports.page(at(3), &KEY, 1, Some(true).into(), vec![3, 4]), Page::Complete(vec![1, 2, 3, 4, 5]));
    assert_eq!(reports.page(at(4), &KEY, 3, None.into(), vec![]), Page::Unexpected);
    assert_eq!(reports.poll_timeout(), None);
}

#[test]
fn cs_24_a_report_whose_pages_stop_is_partial() {
    let mut reports = reports();
    let _ = reports.page(at(1), &KEY, 0, PagePlace::Inner, vec![1]);
    let _ = reports.page(at(2), &KEY, 2, PagePlace::Last, vec![3]);
    assert_eq!(reports.poll_timeout(), Some(at(62)));
    assert!(reports.handle_timeout(at(61)).is_empty());
    let over = reports.handle_timeout(at(62));
    assert_eq!((over[0].key, &over[0].items, over[0].missing), (KEY, &vec![1, 3], 1));
    assert!(reports.handle_timeout(at(999)).is_empty());
}

#[test]
fn cs_24_reports_are_bounded_whatever_numbers_they_have() {
    let mut limits = ReportLimits::default();
    (limits.reports, limits.pages, limits.items) = (1, 3, 4);
    let mut reports = Reports::new(limits);
    assert!(reports.expect(at(0), 1) && !reports.expect(at(0), 2) && !reports.expect(at(0), 1));
    for seq_no in [i64::MAX, i64::MIN, -1] {
        assert_eq!(reports.page(at(1), &1, seq_no, PagePlace::Inner, vec![0]), Page::More);
    }
    assert_eq!(reports.page(at(1), &1, 5, PagePlace::Inner, vec![0]), Page::TooLarge);
    assert!(reports.expect(at(2), 2));
    assert_eq!(reports.page(at(2), &2, 0, PagePlace::Last, vec![0; 5]), Page::TooLarge);
    assert!(reports.expect(at(2), 3));
    reports.forget(&3);
    assert_eq!(reports.page(at(2), &3, 0, PagePlace::Last, vec![0]), Page::Unexpected);
}

#[test]
fn cs_09_the_clock_of_a_station_is_judged_by_its_youngest_messages() {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let mut skew = ClockSkew::new();
    assert!(skew.estimate().is_none() && !skew.is_alarming());
    for late in [300, 2, 40] {
        skew.observe(now, now - TimeDelta::seconds(late));
    }
    assert_eq!((skew.estimate(), skew.is_alarming()), (Some(TimeDelta::seconds(-2)), false));
    for _ in 0..8 {
        skew.observe(now, now + TimeDelta::seconds(3600));
    }
    assert_eq!((skew.estimate(), skew.is_alarming()), (Some(TimeDelta::hours(1)), true));
    skew.observe(now, DateTime::UNIX_EPOCH);
    assert!(skew.is_alarming());
}

#[test]
fn cs_26_a_local_list_is_replaced_in_parts() {
    let parts = local_list(1000, 400, 7);
    let seen: Vec<_> = parts.iter().map(|part| (part.update, part.version, part.entries.clone())).collect();
    let differential = ListUpdate::Differential;
    assert_eq!(seen, [(ListUpdate::Full, 7, 0..400), (differential, 8, 400..800), (differential, 9, 800..1000)]);
    let empty = local_list(0, 400, 1);
    assert_eq!((empty.len(), empty[0].update, empty[0].entries.clone()), (1, ListUpdate::Full, 0..0));
}

#[test]
fn cs_27_requests_are_cut_by_the_items_per_message() {
    assert_eq!(batches(5, 2).collect::<Vec<_>>(), [0..2, 2..4, 4..5]);
    assert_eq!(batches(3, 0).count(), 3, "a station that says 0 takes one");
    assert_eq!(batches(0, 9).count(), 0);
    assert!(batches(2, usize::MAX).eq(std::iter::once(0..2)));
}

#[test]
fn cs_24_a_report_of_just_the_most_items_and_pages_is_complete_and_the_first_timer_counts() {
    let mut limits = ReportLimits::default();
    (limits.pages, limits.items) = (2, 4);
    let mut reports = Reports::new(limits);
    assert!(reports.expect(at(0), 1) && reports.expect(at(5), 2));
    assert_eq!(reports.poll_timeout(), Some(at(60)));
    assert_eq!(reports.page(at(1), &1, 0, PagePlace::Inner, vec![1, 2]), Page::More);
    assert_eq!(reports.page(at(1), &1, 1, PagePlace::Last, vec![3, 4]), Page::Complete(vec![1, 2, 3, 4]));
    assert_eq!(reports.poll_timeout(), Some(at(65)));
}
