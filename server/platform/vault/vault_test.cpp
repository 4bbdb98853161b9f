#include "platform/vault/store_backup.hpp"

#include "platform/sql/refused.hpp"
#include "platform/sqlite/file_check.hpp"
#include "platform/sqlite/store_fixture.hpp"
#include "platform/vault/folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using sql::StoreRefusal;
using sqlite::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const sql::Statement create_item{
    "create_item",
    "CREATE TABLE item (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES item (id), content BLOB) STRICT"};
const sql::Statement insert_item{"insert_item", "INSERT INTO item (id, content) VALUES ($1, randomblob($2))"};
const sql::Statement count_items{"count_items", "SELECT count(*) FROM item"};
const sql::Statement change_item{"change_item", "UPDATE item SET content = randomblob(100000) WHERE id = $1"};

std::int64_t count(sql::Connection& db)
{
    return *db.first(count_items, [](const sql::Row& row) { return row.integer(0); });
}

std::int64_t count_in(const fs::path& path)
{
    std::int64_t items = 0;
    sqlite::open_sqlite({.path = path})->read([&](sql::Connection& db) { items = count(db); });
    return items;
}

/// What it is refused with, and its text.
std::pair<std::optional<StoreRefusal>, std::string> refusal(const std::function<void()>& act)
{
    try {
        act();
    } catch (const sql::StoreRefused& refused) {
        return {refused.code, refused.what()};
    }
    return {std::nullopt, ""};
}

Secret key(std::string_view of)
{
    return SecretKey{hash_of(of)};
}

class B10_Backup : public testing::Test {
protected:
    B10_Backup()
    {
        store->write([](sql::Connection& db) {
            db.execute(create_item);
            for (int i = 1; i <= 100; ++i) db.execute(insert_item, i, 100'000);
        });
        keep_blob("an attachment");
    }

    void keep_blob(const std::string& content)
    {
        const auto path = blob(blobs, content);
        fs::create_directories(path.parent_path());
        std::ofstream{path} << content;
    }
    static fs::path blob(const fs::path& below, const std::string& content)
    {
        const auto name = hash_of(content).hex();
        return below / name.substr(0, 2) / name.substr(2);
    }
    Manifest make(const fs::path& place, const Secret& secret = {}, const Pace& pace = {.rests = 0})
    {
        moment_ += std::chrono::hours{24};
        return back_up({.place = place, .secret = secret, .now = moment_, .product = "test"},
                       {.store = store->path(),
                        .files = blobs,
                        .count =
                            [](sql::Connection& db) {
                                return std::map<std::string, std::int64_t>{{"item", vault::count(db)}};
                            }},
                       pace);
    }
    Manifest restore_to(const fs::path& where, const fs::path& place, std::string_view name = {},
                        const Secret& secret = {}, int schema_known = 1'000'000, bool replaces = false)
    {
        fs::create_directories(where);
        return restore(Opened{place, name, secret}, {.store = where / "shouwen.db",
                                                     .files = where / "blobs",
                                                     .schema_known = schema_known,
                                                     .replaces = replaces});
    }
    static std::vector<std::string> names(const fs::path& of)
    {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{of}) names.push_back(entry.path().filename());
        std::ranges::sort(names);
        return names;
    }
    static void overwrite(const fs::path& path, std::int64_t position, char byte)
    {
        std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(position, position < 0 ? std::ios::end : std::ios::beg);
        file.put(byte);
    }
    static std::uint64_t bytes_below(const fs::path& where)
    {
        std::uint64_t bytes = 0;
        for (const auto& each : fs::recursive_directory_iterator{where})
            if (each.is_regular_file()) bytes += each.file_size();
        return bytes;
    }

    sqlite::TemporaryStore store;
    TemporaryFolder elsewhere;
    const fs::path blobs = store.folder() / "blobs";
    const fs::path folder = elsewhere / "backups/";
    Instant moment_ = Instant{} + std::chrono::days{20'000};
};

TEST_F(B10_Backup, HoldsTheMomentItWasMadeThoughWritesWentOn)
{
    for (const auto& place : {elsewhere / "one.backup", folder}) {
        SCOPED_TRACE(place);
        int next = 100'000 * (place.filename().empty() ? 2 : 1);
        const int first = next;
        std::int64_t at_moment = 0;
        const auto manifest =
            make(place, {}, {.rests = 0, .on_step = [&](std::uint64_t, std::uint64_t) {
                                 store->write([&](sql::Connection& db) { db.execute(insert_item, next++, 1'000); });
                             }});
        at_moment = manifest.counts.at("item");
        std::int64_t in_store = 0;
        store->read([&](sql::Connection& db) { in_store = vault::count(db); });
        EXPECT_GT(next, first + 10) << "it was copied in several steps";
        EXPECT_GT(at_moment, 100) << "the moment is taken after the first reading";
        EXPECT_LT(at_moment, in_store) << "and before the second";

        const auto target = elsewhere / fmt::format("restored{}", first);
        EXPECT_EQ(restore_to(target, place).name, manifest.name);
        EXPECT_THAT(sqlite::check_file(target / "shouwen.db"), IsEmpty());
        EXPECT_EQ(count_in(target / "shouwen.db"), at_moment);
        EXPECT_TRUE(fs::exists(blob(target / "blobs", "an attachment")));
    }
}

TEST_F(B10_Backup, FurtherOnesWriteWhatChangedAndEachIsWholeByItself)
{
    const auto first = make(folder);
    store->write([](sql::Connection& db) { db.execute(change_item, 50); });
    keep_blob("another attachment");
    const auto second = make(folder);
    store->write([](sql::Connection& db) { db.execute(insert_item, 1'000, 10); });
    const auto third = make(folder);
    EXPECT_GT(first.added_bytes, 9'000'000U);
    EXPECT_LT(second.added_bytes, 500'000U);
    EXPECT_LT(third.added_bytes, 500'000U);

    for (const auto& [manifest, items, attachments] :
         {std::tuple{first, 100, 1}, std::tuple{second, 100, 2}, std::tuple{third, 101, 2}}) {
        const auto target = elsewhere / manifest.name;
        restore_to(target, folder, manifest.name);
        EXPECT_EQ(count_in(target / "shouwen.db"), items);
        EXPECT_EQ(fs::exists(blob(target / "blobs", "another attachment")), attachments == 2);
    }
    EXPECT_EQ(restore_to(elsewhere / "newest", folder).name, third.name);
}

TEST_F(B10_Backup, OldOnesGoAndTakeWithThemOnlyWhatNobodyNeeds)
{
    std::vector<Manifest> made;
    for (int i = 0; i < 6; ++i) {
        store->write([&](sql::Connection& db) {
            for (int id = 1; id <= 100; id += 2) db.execute(change_item, id);
        });
        made.push_back(make(folder));
    }
    const auto before = bytes_below(folder);
    const auto pruned = prune(folder, {made[0].name, made[5].name}, {});
    EXPECT_EQ(pruned.backups_count, 4);
    EXPECT_GT(pruned.freed_bytes, 15'000'000U);
    EXPECT_NEAR(static_cast<double>(bytes_below(folder)), static_cast<double>(before - pruned.freed_bytes), 100'000);
    for (const auto& kept : {made[0], made[5]}) {
        restore_to(elsewhere / kept.name, folder, kept.name);
        EXPECT_THAT(sqlite::check_file(elsewhere / kept.name / "shouwen.db"), IsEmpty());
    }
    EXPECT_EQ(refusal([&] { restore_to(elsewhere / "gone", folder, made[2].name); }).first,
              StoreRefusal::backup_missing);
    prune(folder, {made[0].name}, {});  // the oldest's chunks were moved into a smaller pack or stayed
    restore_to(elsewhere / "again", folder);
    EXPECT_EQ(count_in(elsewhere / "again" / "shouwen.db"), 100);
}

TEST_F(B10_Backup, LinkedFolderOfAttachmentsIsFollowed)
{
    fs::rename(blobs, elsewhere / "volume");
    fs::create_directory_symlink(elsewhere / "volume", blobs);
    make(folder);
    restore_to(elsewhere / "restored", folder);
    EXPECT_TRUE(fs::exists(blob(elsewhere / "restored" / "blobs", "an attachment")));
}

TEST_F(B10_Backup, DamagedAttachmentIsToldAndDoesNotHinderTheRest)
{
    std::ofstream{blob(blobs, "an attachment")} << "something else";
    EXPECT_EQ(make(folder).counts.at("attachment_damaged"), 1);
}

TEST_F(B10_Backup, StoppedServersLogIsPartOfIt)
{
    fs::copy_file(store->path(), elsewhere / "still.db");  // may lack what is in the log
    fs::copy_file(store->path().string() + "-wal", elsewhere / "still.db-wal");
    back_up({.place = folder, .now = moment_}, {.store = elsewhere / "still.db", .files = {}}, {.rests = 0});
    restore_to(elsewhere / "restored", folder);
    EXPECT_EQ(count_in(elsewhere / "restored" / "shouwen.db"), 100);
}

TEST_F(B10_Backup, LongHeldReaderDelaysTheMomentAndNothingElse)
{
    sqlite::SqliteConnection reader{store->path(), sqlite::Access::read_only, 1'000};
    reader.begin_deferred();
    EXPECT_EQ(vault::count(reader), 100);
    bool is_held = false;
    std::thread other{[&] {
        make(folder, {}, {.rests = 0, .on_step = [&](std::uint64_t done, std::uint64_t total) {
                              if (done == total && !is_held) {
                                  is_held = true;
                                  store->write([&](sql::Connection& db) { db.execute(insert_item, 7'000, 10); });
                                  reader.rollback();
                              }
                          }});
    }};
    other.join();
    restore_to(elsewhere / "restored", folder);
    EXPECT_EQ(count_in(elsewhere / "restored" / "shouwen.db"), 101);
}

TEST_F(B10_Backup, MomentIsGivenUpBeforeTheLogIsTooLong)
{
    const auto change_all = [&](std::uint64_t done, std::uint64_t total) {
        if (done != total) return;  // so that the moment has something to read each time, and the log something to hold
        store->write([&](sql::Connection& db) {
            for (int i = 1; i <= 100; ++i) db.execute(change_item, i);
        });
    };
    const auto log_max = [&](std::int64_t bytes) {
        return Source{.store = store->path(), .files = blobs, .log_bytes_max = bytes};
    };
    EXPECT_THROW(back_up({.place = folder, .now = moment_}, log_max(100'000), {.rests = 0, .on_step = change_all}),
                 sql::DatabaseFault);
    EXPECT_THAT(manifests_in(folder), IsEmpty());
    back_up({.place = folder, .now = moment_}, log_max(1 << 30), {.rests = 0, .on_step = change_all});
    restore_to(elsewhere / "restored", folder);
    EXPECT_EQ(count_in(elsewhere / "restored" / "shouwen.db"), 100);
}

TEST_F(B10_Backup, NothingIsOverwrittenUnlessAskedFor)
{
    const auto file = elsewhere / "one.backup";
    make(file);
    EXPECT_EQ(refusal([&] { make(file); }).first, StoreRefusal::store_exists);
    const auto target = elsewhere / "restored";
    restore_to(target, file);
    EXPECT_EQ(refusal([&] { restore_to(target, file); }).first, StoreRefusal::store_exists);
    fs::remove(target / "shouwen.db");
    EXPECT_EQ(refusal([&] { restore_to(target, file); }).first, StoreRefusal::store_exists) << "the attachments";
    const auto manifest = restore_to(target, file, {}, {}, 1'000'000, true);
    EXPECT_THAT(names(target), ElementsAre("blobs", "blobs.before-" + manifest.name, "shouwen.db", "shouwen.db.lock"));
    restore_to(elsewhere / "second", file);
    restore_to(elsewhere / "second", file, {}, {}, 1'000'000, true);
    EXPECT_THAT(names(elsewhere / "second"), testing::Contains("shouwen.db.before-" + manifest.name));
    std::ofstream{elsewhere / "stray.db-wal"} << "somebody's";
    EXPECT_EQ(refusal([&] {
                  restore(Opened{file, "", {}},
                          {.store = elsewhere / "stray.db", .files = elsewhere / "stray", .schema_known = 1'000});
              }).first,
              StoreRefusal::store_exists);
}

TEST_F(B10_Backup, F59_DamagedForeignAndNewerOnesAreRefusedAndLeaveNothingBehind)
{
    const auto whole = elsewhere / "whole.backup";
    make(whole);
    const auto size = static_cast<std::int64_t>(fs::file_size(whole));
    const struct {
        const char* name;
        std::function<void(const fs::path&)> harm;
        StoreRefusal then;
        const char* text;
    } cases[] = {
        {"a byte of a chunk", [&](const auto& p) { overwrite(p, size / 2, 'X'); }, StoreRefusal::backup_damaged,
         "damaged or was changed"},
        {"a byte of the index", [&](const auto& p) { overwrite(p, size - 100, 'X'); }, StoreRefusal::backup_damaged,
         "index has another checksum"},
        {"cut short", [&](const auto& p) { fs::resize_file(p, static_cast<std::uintmax_t>(size) / 2); },
         StoreRefusal::backup_damaged, "its end is missing"},
        {"longer",
         [](const auto& p) {
             std::ofstream{p, std::ios::app} << "more";
         },
         StoreRefusal::backup_damaged, "its end is missing"},
        {"empty", [](const auto& p) { fs::resize_file(p, 0); }, StoreRefusal::backup_damaged, "too short"},
        {"gone", [](const auto& p) { fs::remove(p); }, StoreRefusal::backup_missing, "is not there"},
        {"a plain database",
         [&](const auto& p) { fs::copy_file(store->path(), p, fs::copy_options::overwrite_existing); },
         StoreRefusal::backup_damaged, "no backup"},
    };
    const auto target = elsewhere / "restored";
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto harmed = elsewhere / "harmed.backup";
        fs::copy_file(whole, harmed, fs::copy_options::overwrite_existing);
        c.harm(harmed);
        const auto [code, text] = refusal([&] { restore_to(target, harmed); });
        EXPECT_EQ(code, c.then);
        EXPECT_THAT(text, HasSubstr(c.text));
        EXPECT_THAT(text, HasSubstr(harmed.string()));
        for (const auto& name : names(target)) EXPECT_EQ(name, "shouwen.db.lock");
    }
    const auto [code, text] = refusal([&] { restore_to(target, whole, {}, {}, 1); });
    EXPECT_EQ(code, StoreRefusal::schema_newer);
    for (const auto& name : names(target)) EXPECT_EQ(name, "shouwen.db.lock");
}

TEST_F(B10_Backup, F59_FolderWhosePartsWereChangedIsRefused)
{
    const auto first = make(folder);
    store->write([](sql::Connection& db) { db.execute(change_item, 1); });
    const auto second = make(folder);
    const auto pack = packs_in(folder).front();
    const struct {
        const char* name;
        std::function<void()> harm;
        std::function<void()> mend;
        const char* text;
    } cases[] = {
        {"a pack is gone", [&] { fs::rename(pack, elsewhere / "aside"); },
         [&] { fs::rename(elsewhere / "aside", pack); }, "is missing"},
        {"a manifest was changed",
         [&] {
             fs::copy_file(manifest_path(folder, second.name), elsewhere / "aside");
             auto text = read_file(manifest_path(folder, second.name), 1 << 20);
             text.replace(text.find("\"test\""), 6, "\"TEST\"");
             std::ofstream{manifest_path(folder, second.name)} << text;
         },
         [&] { fs::rename(elsewhere / "aside", manifest_path(folder, second.name)); }, "its manifest was changed"},
        {"an old manifest under the newest name",
         [&] {
             fs::rename(manifest_path(folder, second.name), elsewhere / "aside");
             fs::copy_file(manifest_path(folder, first.name), manifest_path(folder, second.name));
         },
         [&] { fs::rename(elsewhere / "aside", manifest_path(folder, second.name)); }, "under another name"},
        {"the manifest is empty",
         [&] {
             fs::rename(manifest_path(folder, second.name), elsewhere / "aside");
             std::ofstream{manifest_path(folder, second.name)};
         },
         [&] { fs::rename(elsewhere / "aside", manifest_path(folder, second.name)); }, "cut short"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        c.harm();
        const auto [code, text] = refusal([&] { restore_to(elsewhere / "restored", folder); });
        EXPECT_EQ(code, StoreRefusal::backup_damaged);
        EXPECT_THAT(text, HasSubstr(c.text));
        c.mend();
    }
    restore_to(elsewhere / "restored", folder);
    EXPECT_EQ(refusal([&] { Opened(pack, "", {}); }).first, StoreRefusal::backup_damaged) << "a pack is no backup";
    EXPECT_EQ(refusal([&] { Opened(elsewhere / "absent", "", {}); }).first, StoreRefusal::backup_missing);
    EXPECT_EQ(refusal([&] { Opened(folder, "20200101T000000Z-0000", {}); }).first, StoreRefusal::backup_missing);
}

TEST_F(B10_Backup, F59_EncryptedOneTellsNothingAndOpensWithItsKeyOnly)
{
    const auto text = std::string(5'000, 'q') + "13800138000";
    keep_blob(text);
    make(folder, key("right"));
    EXPECT_EQ(refusal([&] { restore_to(elsewhere / "restored", folder); }).first, StoreRefusal::backup_key_missing);
    EXPECT_EQ(refusal([&] { restore_to(elsewhere / "restored", folder, "", key("other")); }).first,
              StoreRefusal::backup_key_wrong);
    EXPECT_EQ(refusal([&] { make(folder, key("other")); }).first, StoreRefusal::backup_key_wrong);
    EXPECT_EQ(refusal([&] { make(folder); }).first, StoreRefusal::backup_key_missing);
    EXPECT_TRUE(fs::is_empty(elsewhere / "restored"));
    restore_to(elsewhere / "restored", folder, "", key("right"));
    EXPECT_TRUE(fs::exists(blob(elsewhere / "restored" / "blobs", text)));

    for (const auto& each : fs::recursive_directory_iterator{folder}) {
        if (!each.is_regular_file()) continue;
        const auto content = read_file(each.path(), 1ULL << 30);
        EXPECT_THAT(content, Not(HasSubstr("SQLite format 3")));
        EXPECT_THAT(content, Not(HasSubstr(hash_of(text).raw()))) << "nor whether it holds a text one knows";
        EXPECT_THAT(content, Not(HasSubstr(hash_of(text).hex())));
    }
    make(elsewhere / "plain.backup");
    EXPECT_EQ(refusal([&] { Opened(elsewhere / "plain.backup", "", key("right")); }).first,
              StoreRefusal::backup_not_encrypted);
}

TEST_F(B10_Backup, F59_EncryptedOnesPartsCannotBeExchanged)
{
    make(folder, key("right"));
    const auto pack = packs_in(folder).front();
    const PackReader reader{pack};
    const auto &first = reader.places()[3], &second = reader.places()[4];
    // A pack of the attacker's own, with the right sums, in which two sealed chunks have changed their names.
    auto swapped = pack;
    swapped.replace_filename("z.pack");
    {
        PackWriter writer{swapped};
        writer.add(first.name, reader.read(second));
        writer.add(second.name, reader.read(first));
        writer.finish();
    }
    const auto [code, text] = refusal([&] { restore_to(elsewhere / "restored", folder, "", key("right")); });
    EXPECT_EQ(code, StoreRefusal::backup_damaged);
    EXPECT_THAT(text, HasSubstr("z.pack is damaged or was changed"));
    fs::remove(swapped);

    const auto manifest = manifests_in(folder).front();
    auto body = read_file(manifest, 1 << 20);
    const auto at = body.find("\"product\":\"test\"");
    body.replace(at, 16, "\"product\":\"TEST\"");
    std::ofstream{manifest} << body;
    EXPECT_EQ(refusal([&] { restore_to(elsewhere / "restored", folder, "", key("right")); }).first,
              StoreRefusal::backup_damaged);
}

TEST_F(B10_Backup, PassphraseOpensItToo)
{
    const Secret words = checked_passphrase("correct horse battery");
    make(folder, words);
    store->write([](sql::Connection& db) { db.execute(change_item, 1); });
    EXPECT_LT(make(folder, words).added_bytes, 500'000U) << "the same keys, so chunks are shared";
    restore_to(elsewhere / "restored", folder, "", words);
    EXPECT_EQ(refusal([&] { Opened(folder, "", checked_passphrase("correct horse battery!")); }).first,
              StoreRefusal::backup_key_wrong);
    EXPECT_EQ(refusal([] { checked_passphrase("short"); }).first, StoreRefusal::backup_key_unfit);
}

TEST_F(B10_Backup, KeyFilesAreChecked)
{
    const auto file = elsewhere / "key";
    EXPECT_THAT(refusal([&] { read_key_file(file); }).second, HasSubstr("openssl rand -hex 32"));
    std::ofstream{file} << hash_of("x").hex() << "\n";
    ::chmod(file.c_str(), 0644);
    EXPECT_THAT(refusal([&] { read_key_file(file); }).second, HasSubstr("chmod 600"));
    ::chmod(file.c_str(), 0600);
    EXPECT_EQ(read_key_file(file).bytes, hash_of("x"));
    std::ofstream{file} << "secret";
    EXPECT_THAT(refusal([&] { read_key_file(file); }).second, HasSubstr("64 hexadecimal digits"));
}

TEST_F(B10_Backup, F58_FailedOneLeavesEarlierOnesAndNothingOfItself)
{
    const auto first = make(folder);
    const auto before = names(folder / "packs");
    store->write([](sql::Connection& db) {
        for (int i = 1; i <= 100; ++i) db.execute(change_item, i);
    });
    EXPECT_THROW(make(folder, {},
                      {.rests = 0,
                       .on_step =
                           [](std::uint64_t done, std::uint64_t total) {
                               if (done > total / 2) throw sql::DiskFull("full");
                           }}),
                 sql::DiskFull);
    EXPECT_EQ(names(folder / "packs"), before);
    restore_to(elsewhere / "restored", folder);

    // What a killed process left is no hindrance, and goes with the next backup.
    std::ofstream{folder / "packs" / "x.pack.unfinished-1"} << "half";
    std::ofstream{folder / "x.backup.unfinished-1"} << "half";
    restore_to(elsewhere / "restored again", folder);
    make(folder);
    EXPECT_THAT(names(folder), testing::Each(Not(HasSubstr("unfinished"))));
    EXPECT_THAT(names(folder / "packs"), testing::Each(Not(HasSubstr("unfinished"))));
}

TEST_F(B10_Backup, F58_PlacesThatCannotBeUsedAreRefused)
{
    fs::create_directory(elsewhere / "photos");
    std::ofstream{elsewhere / "photos" / "cat.jpg"} << "cat";
    fs::create_directory(folder);
    const struct {
        const char* name;
        MakingOptions options;
        StoreRefusal then;
    } cases[] = {
        {"other things", {.place = elsewhere / "photos"}, StoreRefusal::backup_foreign},
        {"no parent", {.place = elsewhere / "absent" / "one.backup"}, StoreRefusal::directory_missing},
        {"not mounted", {.place = folder, .must_have_backups = true}, StoreRefusal::directory_missing},
        {"volume gone", {.place = elsewhere / "gone/", .must_have_backups = true}, StoreRefusal::directory_missing},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(refusal([&] { Making{c.options}; }).first, c.then);
    }
    make(folder);
    const FolderLock lock{folder, FolderLock::Kind::reading};
    EXPECT_EQ(refusal([&] { make(folder); }).first, StoreRefusal::backup_in_use);
    EXPECT_EQ(refusal([&] { prune(folder, {}, {}); }).first, StoreRefusal::backup_in_use);
}

TEST_F(B10_Backup, FreshOneTrustsNothingThatLiesThere)
{
    const auto first = make(folder);
    const auto pack = packs_in(folder).front();
    overwrite(pack, 200'000, 'X');
    EXPECT_EQ(refusal([&] { restore_to(elsewhere / "restored", folder); }).first, StoreRefusal::backup_damaged);
    const auto fresh = back_up({.place = folder, .now = moment_ + std::chrono::hours{1}, .is_fresh = true},
                               {.store = store->path(), .files = blobs}, {.rests = 0});
    EXPECT_GT(fresh.added_bytes, 9'000'000U);
    restore_to(elsewhere / "restored", folder);
    restore_to(elsewhere / "restored first", folder, first.name);  // healed as well
}

TEST_F(B10_Backup, AbsentAndForeignStoresAreRefused)
{
    EXPECT_EQ(refusal([&] { back_up({.place = folder}, {.store = elsewhere / "absent.db", .files = {}}, {}); }).first,
              StoreRefusal::not_a_database);
    {
        sqlite::SqliteConnection{elsewhere / "other.db", sqlite::Access::read_write, 1'000}.run_script(
            "CREATE TABLE t (a)");
    }
    EXPECT_EQ(refusal([&] { back_up({.place = folder}, {.store = elsewhere / "other.db", .files = {}}, {}); }).first,
              StoreRefusal::foreign_database);
}

TEST(B10_BackupCatalogue, PathsThatLeadOutAreRefused)
{
    const auto chunk = hash_of("x").hex();
    for (const auto* path : {"../passwd", "/etc/passwd", "a/../../b", "..", "", "a/./b"}) {
        SCOPED_TRACE(path);
        EXPECT_EQ(refusal([&] { parse_catalogue(fmt::format("1\tf\t{}\t{}\n", chunk, path), "x"); }).first,
                  StoreRefusal::backup_damaged);
    }
    for (const auto& line : {std::string{"1\tf\n"}, fmt::format("x\tf\t{}\ta\n", chunk), std::string{"1\tf\tzz\ta\n"},
                             fmt::format("1\tq\t{}\ta\n", chunk), fmt::format("1\tf\t{}\ta", chunk)}) {
        SCOPED_TRACE(line);
        EXPECT_EQ(refusal([&] { parse_catalogue(line, "x"); }).first, StoreRefusal::backup_damaged);
    }
    const Entry entry{.path = "blobs/ab/c d\te", .content = {.size_bytes = 5, .names = {hash_of("x"), hash_of("y")}}};
    const auto read = parse_catalogue(print(entry), "x").front();
    EXPECT_EQ(read.path, entry.path);
    EXPECT_EQ(read.content.names, entry.content.names);
}

}  // namespace
}  // namespace shouwen::vault
