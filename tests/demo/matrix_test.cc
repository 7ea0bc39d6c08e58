#include "demo/matrix.h"

#include <catch2/catch.hpp>
#include <set>

#include "demo/story.h"

namespace selvage::demo {

TEST_CASE("a matrix counts both families of each cell and marks unexpected results") {
  Matrix matrix{{"web:80", "db:5432"}, {"web", "db"}, {}};
  matrix.cells = {{std::nullopt, MatrixCell{true, true, true}}, {MatrixCell{false, false, false}, std::nullopt}};
  CHECK(matrix.total() == 4);
  CHECK(matrix.right() == 4);
  CHECK(to_text(matrix, false).find('!') == std::string::npos);
  CHECK(summary(matrix).find("4 ") == 0);

  matrix.cells[1][0]->v6 = true;
  CHECK(matrix.right() == 3);
  CHECK(to_text(matrix, false).find("-+!") != std::string::npos);
  CHECK(summary(matrix).find("1 of 4") == 0);
}

TEST_CASE("colours do not change the columns of the table, and are absent by default") {
  Matrix matrix{{"a", "b"}, {"row"}, {{MatrixCell{true, true, false}, MatrixCell{false, false, false}}}};
  const std::string plain = to_text(matrix, false);
  std::string coloured = to_text(matrix, true);
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(coloured.find('\x1b') != std::string::npos);
  for (std::size_t at = 0; (at = coloured.find('\x1b')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) - at + 1);
  for (std::size_t at = 0; (at = coloured.find(" \n")) != std::string::npos;) coloured.erase(at, 1);
  CHECK(coloured == plain);
}

TEST_CASE("each step of the story has an expectation for every row and column of known pods") {
  std::set<std::string> pods;
  for (const lab::PodManifest& pod : story::pods()) pods.insert(pod.name);
  for (const story::Target& target : story::targets()) CHECK(pods.contains(target.pod));
  for (const std::string& source : story::sources()) CHECK(pods.contains(source));
  for (const story::Step& step : story::steps()) {
    REQUIRE(step.expected.size() == story::sources().size());
    for (const std::string& row : step.expected) {
      CHECK(row.size() == story::targets().size());
      CHECK(row.find_first_not_of("yn.") == std::string::npos);
    }
  }
}

}  // namespace selvage::demo
