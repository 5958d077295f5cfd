// The one compiled copy of Boost.JSON: everybody else includes <boost/json.hpp>.
#include <boost/json/src.hpp>
