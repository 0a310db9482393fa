// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Registrar} from "./Registrar.sol";

/// Allows longer names.
contract RegistrarV2 is Registrar {
	function isAllowed(string calldata name) public pure override returns (bool) {
		return bytes(name).length <= 32;
	}
}
