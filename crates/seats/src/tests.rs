use super::*;
use futures_util::FutureExt;
use peer::Identity;

fn room(name: &str) -> Room {
    Room::Application(Identity::Snap(name.to_owned()))
}

fn sits(seats: &Arc<Seats>, room: Room) -> TakenSeat {
    let taking = seats.take();
    taking.0.move_to(room).unwrap();
    taking
}

fn goes(taking: &TakenSeat) -> bool {
    taking.0.farewell.load(Ordering::Relaxed) == Farewell::Now as u8
}

#[test]
fn an_application_that_has_its_share_gives_up_what_waited_longest() {
    let seats = Seats::new(16);
    let own: Vec<_> = (0..4).map(|_| sits(&seats, room("a"))).collect();
    let turn = own[0].0.turn();
    let _fifth = sits(&seats, room("a"));
    assert_eq!(own.iter().map(goes).collect::<Vec<_>>(), [false, true, false, false]);
    drop(turn);
    let _sixth = sits(&seats, room("a"));
    assert!(goes(&own[2]) && !goes(&own[0]), "who was just answered goes last");
}

#[test]
fn an_application_that_is_busy_with_all_it_has_gets_no_more() {
    let seats = Seats::new(16);
    let own: Vec<_> = (0..4).map(|_| sits(&seats, room("a"))).collect();
    let _turns: Vec<_> = own.iter().map(|taking| taking.0.turn()).collect();
    assert_eq!(seats.take().0.move_to(room("a")), Err(Outside::Full));
    assert_eq!(seats.take().0.move_to(room("b")), Ok(()));
    assert!(!own.iter().any(goes));
}

#[test]
fn whoever_comes_where_all_is_full_is_made_room_for_by_whoever_has_most() {
    let seats = Seats::new(16);
    let all: Vec<_> = (0..16).map(|n| sits(&seats, room(&(n % 5).to_string()))).collect();
    let _turns: Vec<_> = all.iter().map(|taking| taking.0.turn()).collect();
    let _listening = all[10].0.listen(1).unwrap();
    let newcomer = seats.take();
    newcomer.0.move_to(room("new")).unwrap();
    let gone: Vec<_> = (0..16).filter(|n| goes(&all[*n])).collect();
    assert_eq!(gone, [10], "the one that listens, of the application that has four");
    assert!(!goes(&newcomer));
}

#[test]
fn a_room_has_so_many_that_listen() {
    let seats = Seats::new(64);
    let own: Vec<_> = (0..3).map(|_| sits(&seats, Room::Unknown)).collect();
    let first = own[0].0.listen(2).unwrap();
    let _second = own[1].0.listen(2).unwrap();
    assert!(own[2].0.listen(2).is_err());
    assert!(sits(&seats, room("a")).0.listen(2).is_ok());
    drop(first);
    assert!(own[2].0.listen(2).is_ok());
}

#[test]
fn whoever_has_given_up_its_place_begins_no_stream() {
    let seats = Seats::new(16);
    let own: Vec<_> = (0..5).map(|_| sits(&seats, room("a"))).collect();
    assert!(goes(&own[0]) && own[0].0.listen(64).is_err());
    assert!(own[4].0.listen(64).is_ok());
}

#[test]
fn a_newcomer_that_has_asked_does_not_go_for_one_that_has_not() {
    let seats = Seats::new(16);
    let asks: Vec<_> = (0..3).map(|_| seats.take()).collect();
    asks.iter().for_each(|taking| taking.0.speaks());
    let silent: Vec<_> = (0..20).map(|_| seats.take()).collect();
    assert!(!asks.iter().any(goes) && silent[..19].iter().all(goes));
    assert!(asks.iter().all(|taking| taking.0.move_to(room("a")) == Ok(())));
    assert_eq!(silent[0].0.move_to(room("a")), Err(Outside::GivenUp));
}

#[tokio::test]
async fn nobody_is_let_in_while_those_who_were_sent_away_are_still_there() {
    let seats = Seats::new(16);
    let mut all: Vec<_> = (0..16 + LEAVING).map(|_| seats.take()).collect();
    assert!(seats.vacancy().now_or_never().is_none());
    drop(all.remove(0));
    assert_eq!(seats.vacancy().now_or_never(), Some(()));
}

#[tokio::test]
async fn nobody_is_let_in_while_all_newcomers_are_about_to_be_looked_at() {
    let seats = Seats::new(16);
    let asks: Vec<_> = (0..4).map(|_| seats.take()).collect();
    asks.iter().for_each(|taking| taking.0.speaks());
    assert!(seats.vacancy().now_or_never().is_none());
    asks[0].0.move_to(room("a")).unwrap();
    assert_eq!(seats.vacancy().now_or_never(), Some(()));
}
