import { readFileSync } from 'node:fs';

/** A region of the public cloud. `zones` are logical numbers; none means that it has no availability zones. */
export interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly geographyGroup: string | null;
  readonly physicalLocation: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly category: string;
  readonly zones: readonly string[];
  readonly pairedRegion: string | null;
}

/** A VM size. `null` means "not known from the sources", never zero or false. */
export interface VmSize {
  readonly name: string;
  /** Quota family, spelled as the Azure API does, e.g. `standardDSv5Family`. */
  readonly family: string;
  readonly vCPUs: number;
  readonly memoryGiB: number;
  readonly cpuArchitecture: 'x64' | 'arm64';
  readonly gpu: { readonly count: number; readonly model: string; readonly manufacturer: string } | null;
  readonly maxDataDisks: number | null;
  readonly maxNICs: number | null;
  readonly acceleratedNetworking: boolean | null;
  readonly tempDiskGiB: number | null;
  readonly cacheDiskGiB: number | null;
  readonly ephemeralOsDisk: {
    readonly supported: boolean | null;
    readonly placements: readonly string[] | null;
    readonly maxGiB: number | null;
  };
  readonly premiumIO: boolean | null;
  readonly encryptionAtHost: boolean | null;
  readonly hyperVGenerations: readonly string[] | null;
  readonly spotCapable: boolean | null;
  readonly burstable: unknown;
  readonly aks: { readonly restricted: boolean };
  /** Zones by region, where a record of the Azure API is known. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
}

/** What is paid for besides the size; Linux on demand unless told otherwise. */
export interface VmOffer {
  readonly os?: 'Linux' | 'Windows';
  readonly priority?: 'Regular' | 'Spot';
}

/** US dollars an hour by VM size. */
type SizePrices = Readonly<Record<string, number>>;

interface PriceFile {
  readonly linuxPayAsYouGo: Readonly<Record<string, SizePrices>>;
  readonly windowsPayAsYouGo: Readonly<Record<string, SizePrices>>;
  readonly windowsLicence: Readonly<Record<string, { readonly usdPerHour: number }>>;
  readonly spot: Readonly<Record<string, { readonly linux: SizePrices; readonly windows: SizePrices }>>;
}

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`../../data/${file}`, import.meta.url), 'utf8')) as T;

const regionKey = (name: string): string => name.toLowerCase().replaceAll(' ', '');

/** The facts of regions, VM sizes and prices in `data/`. Each file is read when first asked for. */
export class Catalog {
  #regions: ReadonlyMap<string, Region> | undefined;
  #sizes: ReadonlyMap<string, VmSize> | undefined;
  #prices: PriceFile | undefined;

  /** All regions, in the order of their names. */
  regions(): readonly Region[] {
    return [...this.#regionMap().values()];
  }

  /** Finds a region by `westeurope` or `West Europe`. */
  region(name: string): Region | undefined {
    return this.#regionMap().get(regionKey(name));
  }

  /** All VM sizes, by series, vCPUs and memory. */
  vmSizes(): readonly VmSize[] {
    return [...this.#sizeMap().values()];
  }

  /** Finds a size whatever the letter case of its name. */
  vmSize(name: string): VmSize | undefined {
    return this.#sizeMap().get(name.toLowerCase());
  }

  /** Whether the region sells the size: a list price is the sign of it. A region without any price sells every size. */
  offers(region: string, size: string): boolean {
    const prices = this.#linuxPrices(region);
    const name = this.vmSize(size)?.name;
    return name !== undefined && (prices === undefined || name in prices);
  }

  /** Zones of the region in which the size is sold, in order: the size's own record, else all zones of the region. */
  zonesOf(region: string, size: string): readonly string[] {
    const found = this.region(region);
    if (!found || !this.offers(found.name, size)) return [];
    return this.vmSize(size)?.zones[found.name] ?? found.zones;
  }

  /**
   * List price of a VM in US dollars an hour, `undefined` where none is known. Windows where it was not measured is an
   * estimate: the Linux price and the size's licence. Spot prices differ so much by region that none is estimated.
   */
  hourlyPrice(region: string, size: string, { os, priority }: VmOffer = {}): number | undefined {
    const name = this.vmSize(size)?.name;
    if (name === undefined) return undefined;
    const prices = this.#priceFile();
    const key = regionKey(region);
    if (priority === 'Spot') return prices.spot[key]?.[os === 'Windows' ? 'windows' : 'linux'][name];
    const linux = prices.linuxPayAsYouGo[key]?.[name];
    if (os !== 'Windows') return linux;
    const licence = prices.windowsLicence[name]?.usdPerHour;
    const estimate = linux === undefined || licence === undefined ? undefined : linux + licence;
    return prices.windowsPayAsYouGo[key]?.[name] ?? estimate;
  }

  #linuxPrices(region: string): SizePrices | undefined {
    return this.#priceFile().linuxPayAsYouGo[regionKey(region)];
  }

  #priceFile(): PriceFile {
    return (this.#prices ??= read<PriceFile>('prices.json'));
  }

  #regionMap(): ReadonlyMap<string, Region> {
    if (!this.#regions) {
      const { regions } = read<{ regions: (Omit<Region, 'zones'> & { zones: string[] | null })[] }>(
        'regions.json',
      );
      // A region whose zones are not known is taken to have none: a zone would be promised otherwise.
      this.#regions = new Map(
        regions.map((region) => [region.name, { ...region, zones: region.zones ?? [] }] as const),
      );
    }
    return this.#regions;
  }

  #sizeMap(): ReadonlyMap<string, VmSize> {
    if (!this.#sizes) {
      const { sizes } = read<{ sizes: VmSize[] }>('vm-sizes.json');
      this.#sizes = new Map(sizes.map((size) => [size.name.toLowerCase(), size] as const));
    }
    return this.#sizes;
  }
}
