#pragma once

#include "base/names.hpp"

#include <boost/describe/enum.hpp>

#include <stdexcept>
#include <string>

namespace shouwen::sql {

/// Why a store is not opened, migrated, backed up or restored. The spelling is the stable code that scripts read.
BOOST_DEFINE_ENUM_CLASS(
    StoreRefusal,
    server_unreachable,    // no database server there, or it lets us not in
    server_unfit,          // too old, or another encoding than UTF-8
    half_copied,           // a copy into it was not finished
    store_in_use,          // another process holds it
    nodes_full,            // as many processes as there are numbers
    directory_missing,     //
    not_writable,          // rights or a read-only volume
    wrong_owner,           // belongs to another user of the machine
    not_a_database,        // damaged or no database at all
    disk_failed,           // the disk gave an error while the store was opened
    foreign_database,      // a database of another program
    schema_newer,          // written by a newer version of this program
    schema_older,          // has to be migrated first
    migration_changed,     // an applied migration's text differs from the built-in one
    migration_order,       // an unapplied migration stands before an applied one
    store_exists,          // a restore never overwrites
    backup_missing,        //
    backup_damaged,        // the backup differs from what its manifest says
    backup_newer,          // of a format that a newer version of this program writes
    backup_foreign,        // a folder with other things than backups, or a backup of another kind of store
    backup_in_use,         // another process works with the folder of backups
    backup_key_missing,    // encrypted, and no key was given
    backup_key_wrong,      // encrypted with another key
    backup_key_unfit,      // the key file or the passphrase cannot be used
    backup_not_encrypted)  // a key was given for what was made without one

/// The text tells the operator what to do next.
struct StoreRefused : std::runtime_error {
    StoreRefused(StoreRefusal why, const std::string& text) : std::runtime_error(text), code(why) {}
    StoreRefusal code;
};

}  // namespace shouwen::sql
