//! A file system that a program makes up (FUSE): one folder with one program in it, of which it says what it
//! likes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation, INodeNo,
    LockOwner, MountOption, OpenFlags, ReplyAttr, ReplyData, ReplyEntry, Request,
};

/// The kernel need not ask twice.
const FOR_LONG: Duration = Duration::from_secs(60);

/// Mounted over the folder of an honest program until it is dropped.
#[derive(Debug)]
pub struct MadeUp {
    _session: BackgroundSession,
    file: PathBuf,
}

#[derive(Debug)]
struct Impostor {
    name: String,
    content: Vec<u8>,
    file: FileAttr,
    folder: FileAttr,
}

impl MadeUp {
    /// Takes the place of the program at `honest`: the same path, inode, size, owner and times, with
    /// `content` in it.
    pub fn over(honest: &Path, content: Vec<u8>) -> Self {
        let folder = honest.parent().unwrap();
        let impostor = Impostor {
            name: honest.file_name().unwrap().to_str().unwrap().to_owned(),
            file: FileAttr { size: content.len() as u64, ..look_alike(honest, FileType::RegularFile) },
            folder: FileAttr { ino: INodeNo::ROOT, ..look_alike(folder, FileType::Directory) },
            content,
        };
        let mut config = Config::default();
        config.mount_options =
            vec![MountOption::RO, MountOption::Exec, MountOption::FSName("impostor".to_owned())];
        let session = fuser::spawn_mount(impostor, folder, &config).unwrap();
        Self { _session: session, file: honest.to_owned() }
    }

    /// The impostor.
    pub fn file(&self) -> &Path {
        &self.file
    }
}

fn look_alike(path: &Path, kind: FileType) -> FileAttr {
    let meta = fs::metadata(path).unwrap();
    let time = |seconds: i64, nanos: i64| {
        UNIX_EPOCH + Duration::new(seconds.try_into().unwrap(), nanos.try_into().unwrap())
    };
    FileAttr {
        ino: INodeNo(meta.ino()),
        size: meta.len(),
        blocks: meta.blocks(),
        atime: time(meta.atime(), meta.atime_nsec()),
        mtime: time(meta.mtime(), meta.mtime_nsec()),
        ctime: time(meta.ctime(), meta.ctime_nsec()),
        crtime: UNIX_EPOCH,
        kind,
        perm: 0o755,
        nlink: 1,
        uid: meta.uid(),
        gid: meta.gid(),
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

impl Filesystem for Impostor {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        if name.to_str() == Some(&self.name) {
            reply.entry(&FOR_LONG, &self.file, Generation(0));
        } else {
            reply.error(Errno::ENOENT);
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&FOR_LONG, if ino == INodeNo::ROOT { &self.folder } else { &self.file });
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let begin = usize::try_from(offset).unwrap().min(self.content.len());
        let end = (begin + usize::try_from(size).unwrap()).min(self.content.len());
        reply.data(&self.content[begin..end]);
    }
}
