//! Who has how many of the connections of one door, and who makes room where they run out: whoever comes is
//! let in, and whoever has most gives something up for it.

use peer::Room;
use std::collections::{BTreeMap, HashMap};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The part of all places that one room may have.
const SHARE: usize = 4;
/// Of those who have been there longest, so many are looked at for one to go: who floods has many alike, and
/// each who comes is not to cost a look at them all.
const LOOKED_AT: usize = 64;
/// Connections that were asked to end at once and have not closed yet, at most; nobody is let in meanwhile.
const LEAVING: usize = 32;

/// What a connection does just now. The less it does, the sooner it is given up.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    /// It says nothing, or has not said all of a request.
    Waiting,
    /// It hears what changes, and can ask for that again.
    Listening,
    /// It waits for an answer.
    Asking,
}

impl Doing {
    const fn from(number: u8) -> Self {
        match number {
            0 => Self::Waiting,
            1 => Self::Listening,
            _ => Self::Asking,
        }
    }
}

/// How a connection is asked to end.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Farewell {
    /// Once its answer is out.
    Soon = 1,
    /// At once: another one needs the place.
    Now = 2,
}

/// All places of one door.
#[derive(Debug)]
pub struct Seats {
    most: usize,
    share: usize,
    taken: Mutex<Taken>,
    /// Rings whenever one has ended, or is no newcomer any more.
    moved: Notify,
}

#[derive(Debug, Default)]
struct Taken {
    last: u64,
    /// Those that have not ended, whether they have a place or were asked to give it up.
    open: usize,
    /// The room that each is in.
    whose: HashMap<u64, Room>,
    rooms: HashMap<Room, BTreeMap<u64, Arc<Seat>>>,
}

/// The place of one connection.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    number: u64,
    doing: AtomicU8,
    /// When it last began to wait, in an order of its own.
    since: AtomicU64,
    /// Whether anything was answered here.
    served: AtomicBool,
    farewell: AtomicU8,
    bell: Notify,
}

/// A place that is taken until this is dropped.
#[derive(Debug)]
pub struct TakenSeat(pub Arc<Seat>);

/// A request that is being answered.
#[derive(Debug)]
pub struct Turn(Arc<Seat>);

/// A stream that goes on as long as somebody listens.
#[derive(Debug)]
pub struct Listening(Arc<Seat>);

/// There is no room: those of the same kind are all in the middle of something.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

/// Why somebody does not come into a room.
#[derive(Debug, PartialEq, Eq)]
pub enum Outside {
    /// All who are in it are in the middle of something.
    Full,
    /// The place was needed for somebody else meanwhile.
    GivenUp,
}

impl Seats {
    /// A door with so many places, of which one room may have a quarter.
    pub fn new(most: usize) -> Arc<Self> {
        let share = (most / SHARE).max(1);
        Arc::new(Self { most, share, taken: Mutex::default(), moved: Notify::new() })
    }

    /// A place where one room may have all.
    pub fn of_one_room(most: usize) -> Arc<Self> {
        Arc::new(Self { most, share: most, taken: Mutex::default(), moved: Notify::new() })
    }

    /// Takes a place for somebody who is new. There always is one.
    pub fn take(self: &Arc<Self>) -> TakenSeat {
        self.seat(Room::Newcomers)
    }

    fn seat(self: &Arc<Self>, room: Room) -> TakenSeat {
        let mut taken = self.taken();
        // Nobody in this room is in the middle of anything.
        let _ = taken.make_room(&room, self.share, self.most);
        TakenSeat(taken.sit(self, room))
    }

    /// Waits until one more can be let in: those who were asked to go for others are gone, but for a few, and
    /// not all newcomers are about to be looked at. Else whoever comes and goes without end would have more
    /// descriptors than there are places, and those who have asked for something would make room for it.
    pub async fn vacancy(&self) {
        loop {
            let mut moved = pin!(self.moved.notified());
            moved.as_mut().enable();
            if self.taken().lets_in(self.share, self.most) {
                return;
            }
            moved.await;
        }
    }

    /// Has somebody go who hinders others least: the system has no room for one more.
    pub fn give_up_one(&self) {
        let mut taken = self.taken();
        if let Some(room) = taken.fullest() {
            taken.let_go(&room, Doing::Asking);
        }
    }

    /// Asks those to end, after their answers, whose buffers may hold what they were answered. Whoever is
    /// about to ask for the first time is not let down.
    pub fn dismiss_served(&self) {
        let taken = self.taken();
        let seats = taken.rooms.values().flat_map(BTreeMap::values);
        seats.filter(|seat| seat.served.load(Ordering::Relaxed)).for_each(|seat| seat.bid(Farewell::Soon));
    }

    /// Asks all to end.
    pub fn bid_farewell(&self, farewell: Farewell) {
        self.taken().rooms.values().flat_map(BTreeMap::values).for_each(|seat| seat.bid(farewell));
    }

    /// Waits until all have ended.
    pub async fn empty(&self) {
        loop {
            let mut moved = pin!(self.moved.notified());
            moved.as_mut().enable();
            if self.taken().whose.is_empty() {
                return;
            }
            moved.await;
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn sit(&mut self, seats: &Arc<Seats>, room: Room) -> Arc<Seat> {
        self.last += 1;
        self.open += 1;
        let seat = Arc::new(Seat {
            seats: Arc::clone(seats),
            number: self.last,
            doing: AtomicU8::new(Doing::Waiting as u8),
            since: AtomicU64::new(turn()),
            served: AtomicBool::new(false),
            farewell: AtomicU8::new(0),
            bell: Notify::new(),
        });
        self.enter(room, Arc::clone(&seat));
        seat
    }

    fn enter(&mut self, room: Room, seat: Arc<Seat>) {
        self.whose.insert(seat.number, room.clone());
        self.rooms.entry(room).or_default().insert(seat.number, seat);
    }

    fn leave(&mut self, number: u64) -> Option<Arc<Seat>> {
        let room = self.whose.remove(&number)?;
        let seats = self.rooms.get_mut(&room)?;
        let seat = seats.remove(&number);
        if seats.is_empty() {
            self.rooms.remove(&room);
        }
        seat
    }

    fn count(&self, room: &Room) -> usize {
        self.rooms.get(room).map_or(0, BTreeMap::len)
    }

    fn lets_in(&self, share: usize, most: usize) -> bool {
        let newcomers = self.rooms.get(&Room::Newcomers);
        let goes =
            |seats: &BTreeMap<u64, Arc<Seat>>| seats.values().any(|seat| seat.doing() == Doing::Waiting);
        self.open < most + LEAVING && newcomers.is_none_or(|seats| seats.len() < share || goes(seats))
    }

    fn fullest(&self) -> Option<Room> {
        self.rooms.iter().max_by_key(|(_, seats)| seats.len()).map(|(room, _)| room.clone())
    }

    /// Room for one more in `room`. Nobody has to go from whoever has less than that.
    fn make_room(&mut self, room: &Room, share: usize, most: usize) -> Result<(), Full> {
        if self.count(room) >= share {
            return self.let_go(room, Doing::Waiting).then_some(()).ok_or(Full);
        }
        if self.whose.len() < most {
            return Ok(());
        }
        let fullest = self.fullest().filter(|fullest| self.count(fullest) > self.count(room) + 1);
        match fullest {
            Some(fullest) => self.let_go(&fullest, Doing::Asking),
            None => self.let_go(room, Doing::Waiting),
        }
        .then_some(())
        .ok_or(Full)
    }

    /// Has one of a room go who does no more than `busiest`: whoever does least, and of those whoever has
    /// done so longest.
    fn let_go(&mut self, room: &Room, busiest: Doing) -> bool {
        let seats = self.rooms.get(room).into_iter().flat_map(BTreeMap::values);
        let goes = seats
            .filter(|seat| seat.doing() <= busiest)
            .take(LOOKED_AT)
            .min_by_key(|seat| (seat.doing(), seat.since.load(Ordering::Relaxed)))
            .cloned();
        let Some(seat) = goes else { return false };
        seat.bid(Farewell::Now);
        self.leave(seat.number);
        true
    }
}

/// What comes later has a higher number.
fn turn() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

impl Seat {
    fn doing(&self) -> Doing {
        Doing::from(self.doing.load(Ordering::Relaxed))
    }

    fn does(&self, doing: Doing) {
        self.doing.store(doing as u8, Ordering::Relaxed);
    }

    fn waits(&self) {
        self.since.store(turn(), Ordering::Relaxed);
        self.does(Doing::Waiting);
    }

    /// Begins to answer a request.
    pub fn turn(self: &Arc<Self>) -> Turn {
        self.does(Doing::Asking);
        self.served.store(true, Ordering::Relaxed);
        Turn(Arc::clone(self))
    }

    /// Notes that a newcomer has asked for something: it does not go for one that has not.
    pub fn speaks(&self) {
        self.does(Doing::Asking);
    }

    fn bid(&self, farewell: Farewell) {
        self.farewell.fetch_max(farewell as u8, Ordering::Relaxed);
        self.bell.notify_one();
    }

    /// Waits until it is asked to end, and answers how. After [`Farewell::Soon`], the other may come.
    pub async fn asked_to_end(&self, heard: Option<Farewell>) -> Farewell {
        let heard = heard.map_or(0, |farewell| farewell as u8);
        loop {
            match self.farewell.load(Ordering::Relaxed) {
                now if now <= heard => self.bell.notified().await,
                1 => return Farewell::Soon,
                _ => return Farewell::Now,
            }
        }
    }
}

impl Seat {
    /// Moves to the room of whoever it turned out to be.
    ///
    /// # Errors
    /// There is no place left in that room, or none for this one any more.
    pub fn move_to(&self, room: Room) -> Result<(), Outside> {
        let mut taken = self.seats.taken();
        if !taken.whose.contains_key(&self.number) {
            return Err(Outside::GivenUp);
        }
        // It has a place already, if not yet there.
        taken.make_room(&room, self.seats.share, usize::MAX).map_err(|Full| Outside::Full)?;
        if let Some(seat) = taken.leave(self.number) {
            self.waits();
            taken.enter(room, seat);
        }
        self.seats.moved.notify_waiters();
        Ok(())
    }

    /// Begins a stream for somebody who listens, of whom a room may have so many.
    ///
    /// # Errors
    /// It has as many, or the place was needed for somebody else meanwhile.
    pub fn listen(self: &Arc<Self>, most: usize) -> Result<Listening, Full> {
        let taken = self.seats.taken();
        let own = taken.whose.get(&self.number).and_then(|room| taken.rooms.get(room)).ok_or(Full)?;
        let listen = |seat: &&Arc<Self>| seat.doing() == Doing::Listening;
        if own.values().filter(listen).count() >= most {
            return Err(Full);
        }
        self.does(Doing::Listening);
        Ok(Listening(Arc::clone(self)))
    }
}

impl Drop for TakenSeat {
    fn drop(&mut self) {
        let mut taken = self.0.seats.taken();
        taken.leave(self.0.number);
        taken.open -= 1;
        self.0.seats.moved.notify_waiters();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.waits();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.does(Doing::Asking);
    }
}

#[cfg(test)]
mod tests;
