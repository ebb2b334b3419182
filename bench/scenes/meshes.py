"""Triangle meshes of shapes, built by numpy: unit height, centered, ready to scale and place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mesh:
    """Vertices (n x 3), texture coordinates (n x 2) and faces (m x 3, counter-clockwise)."""

    vertices: Floats
    uv: Floats
    faces: NDArray[np.int32]


def _sheet(columns: int, rows: int) -> tuple[Floats, Floats, NDArray[np.int32]]:
    u, v = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1))
    corner = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    right, above = corner + 1, corner + columns + 1
    lower = np.stack([corner, right, above], axis=1)
    upper = np.stack([right, above + 1, above], axis=1)
    return u.ravel(), v.ravel(), np.concatenate([lower, upper]).astype(np.int32)


def _harmonics(
    rng: np.random.Generator, directions: Floats, waves: int, roughness: float
) -> Floats:
    total = np.zeros(len(directions))
    for wave in range(1, waves + 1):
        axis = rng.normal(size=3)
        turns = directions @ (axis / np.linalg.norm(axis)) * wave * 1.7
        total += np.sin(turns + rng.uniform(0, 2 * np.pi)) * rng.uniform(0.5, 1) / wave**roughness
    return total


def _globe(columns: int = 96, rows: int = 48) -> tuple[Floats, Floats, NDArray[np.int32]]:
    u, v, faces = _sheet(columns, rows)
    around, down = 2 * np.pi * u, np.pi * (v - 0.5)
    flat = np.cos(down)
    points = np.stack([flat * np.cos(around), flat * np.sin(around), np.sin(down)], axis=1)
    return points, np.stack([u, v], axis=1), faces


def _blob(rng: np.random.Generator) -> Mesh:
    points, uv, faces = _globe()
    swell = 1 + 0.16 * _harmonics(rng, points, 5, 1.0)
    return Mesh(points * swell[:, None], uv, faces)


def _rock(rng: np.random.Generator) -> Mesh:
    points, uv, faces = _globe()
    swell = 1 + 0.10 * _harmonics(rng, points, 14, 0.7)
    return Mesh(points * swell[:, None], uv, faces)


def _cushion(rng: np.random.Generator) -> Mesh:
    points, uv, faces = _globe()
    power = rng.uniform(0.3, 0.7)
    return Mesh(np.sign(points) * np.abs(points) ** power, uv, faces)


def _head(rng: np.random.Generator) -> Mesh:
    points, uv, faces = _globe()
    swell = np.ones(len(points))
    for _ in range(6):
        way = rng.normal(size=3) * [1, 1, 0.6]
        near = points @ (way / np.linalg.norm(way))
        swell += rng.uniform(-0.12, 0.25) * np.exp((near - 1) * rng.uniform(6, 20))
    return Mesh(points * swell[:, None] * [0.8, 0.9, 1.1], uv, faces)


def _lathe(profile: list[tuple[float, float]]) -> Mesh:
    u, v, faces = _sheet(96, 60)
    radii, heights = np.array(profile).T
    stops = np.linspace(0, 1, len(profile))
    radius, around = np.interp(v, stops, radii), 2 * np.pi * u
    height = np.interp(v, stops, heights)
    points = np.stack([radius * np.cos(around), radius * np.sin(around), height], axis=1)
    return Mesh(points, np.stack([u, v], axis=1), faces)


def _vase(rng: np.random.Generator) -> Mesh:
    foot, belly, neck, lip = rng.uniform([0.3, 0.5, 0.15, 0.25], [0.5, 0.85, 0.35, 0.55])
    middle = rng.uniform(-0.5, 0.1)
    profile = [(0, -1), (foot, -1), (belly, middle), (neck, 0.6), (lip, 1), (0, 1)]
    return _lathe(profile)


def _tube(_rng: np.random.Generator) -> Mesh:
    return _lathe([(0, -1), (0.95, -1), (1, -0.95), (1, 0), (1, 0.95), (0.95, 1), (0, 1)])


def _cone(_rng: np.random.Generator) -> Mesh:
    return _lathe([(0, -1), (0.93, -1), (0.95, -0.95), (0.5, 0), (0.04, 0.98), (0, 1)])


def _ring(rng: np.random.Generator) -> Mesh:
    u, v, faces = _sheet(128, 32)
    thick = rng.uniform(0.2, 0.4)
    around, across = 2 * np.pi * u, 2 * np.pi * v
    radius = 1 - thick + thick * np.cos(across)
    points = np.stack(
        [radius * np.cos(around), thick * np.sin(across), radius * np.sin(around)], axis=1
    )
    return Mesh(points, np.stack([u, v], axis=1), faces[:, ::-1])


def _sphere(_rng: np.random.Generator) -> Mesh:
    return Mesh(*_globe())


def _box(_rng: np.random.Generator) -> Mesh:
    square = np.array([[-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]], dtype=np.float64)
    turns = [
        np.array(each, dtype=np.float64)
        for each in (
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            [[1, 0, 0], [0, -1, 0], [0, 0, -1]],
            [[0, 0, 1], [0, 1, 0], [-1, 0, 0]],
            [[0, 0, -1], [0, 1, 0], [1, 0, 0]],
            [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
            [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
        )
    ]
    uv = np.tile(np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]), (6, 1))
    faces = np.concatenate([np.array([[0, 1, 2], [0, 2, 3]]) + 4 * side for side in range(6)])
    return Mesh(np.concatenate([square @ turn.T for turn in turns]), uv, faces.astype(np.int32))


_BUILDERS: Final[Mapping[str, Callable[[np.random.Generator], Mesh]]] = {
    "sphere": _sphere,
    "box": _box,
    "tube": _tube,
    "blob": _blob,
    "cushion": _cushion,
    "cone": _cone,
    "rock": _rock,
    "head": _head,
    "vase": _vase,
    "ring": _ring,
}

FLAT: Final = frozenset({"box"})
"""Shapes whose faces are flat: every vertex keeps its own face's normal."""

TUNE_SHAPES: Final = ("sphere", "box", "tube", "blob", "cushion", "rock")
REPORT_SHAPES: Final = tuple(_BUILDERS)
"""Cones, heads, vases and rings are held out for reporting."""


def build(shape: str, seed: int) -> Mesh:
    """The shape, centered on its box, its longest side two long."""
    mesh = _BUILDERS[shape](np.random.default_rng(seed))
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    centered = (mesh.vertices - (low + high) / 2) / ((high - low).max() / 2)
    first, second, third = (centered[mesh.faces[:, corner]] for corner in range(3))
    areas = np.linalg.norm(np.cross(second - first, third - first), axis=1)
    return Mesh(centered, mesh.uv, mesh.faces[areas > 1e-12])


def half_sides(mesh: Mesh) -> Floats:
    """Half the sides of the box around the mesh."""
    return np.asarray(np.abs(mesh.vertices).max(axis=0))


def save(mesh: Mesh, path: Path) -> None:
    """Write the mesh as a binary PLY file with texture coordinates."""
    header = (
        "ply\nformat binary_little_endian 1.0\n"
        f"element vertex {len(mesh.vertices)}\n"
        + "".join(f"property float {name}\n" for name in "xyzuv")
        + f"element face {len(mesh.faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    corners = np.hstack([mesh.vertices, mesh.uv]).astype("<f4")
    faces = np.empty(len(mesh.faces), dtype=[("n", "u1"), ("v", "<i4", 3)])
    faces["n"], faces["v"] = 3, mesh.faces
    path.write_bytes(header.encode() + corners.tobytes() + faces.tobytes())
